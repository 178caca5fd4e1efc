"""Payloads of our own making, in the shapes that Shopify and WooCommerce document."""

from __future__ import annotations

from typing import Any


def shopify_order(**fields: Any) -> dict[str, Any]:
    """A paid order of two lines, not yet shipped."""
    values: dict[str, Any] = {
        "id": 5001,
        "name": "#2001",
        "order_number": 2001,
        "email": "sara@shopper.example",
        "phone": None,
        "created_at": "2026-11-11T09:00:00+04:00",
        "processed_at": "2026-11-11T09:00:00+04:00",
        "updated_at": "2026-11-11T09:00:05+04:00",
        "cancelled_at": None,
        "currency": "AED",
        "total_price": "149.50",
        "financial_status": "paid",
        "fulfillment_status": None,
        "customer_locale": "ar-AE",
        "payment_gateway_names": ["shopify_payments"],
        "tags": "gift, vip",
        "customer": {"first_name": "Sara", "last_name": "Al Mansoori", "phone": "+971501234567"},
        "shipping_address": {
            "name": "Omar Haddad",
            "address1": "Building 12, Street 4",
            "address2": "Flat 7",
            "city": "Dubai",
            "province": "Dubai",
            "zip": "",
            "country": "United Arab Emirates",
            "country_code": "AE",
            "phone": "+971507654321",
        },
        "line_items": [
            {"id": 71, "name": "Brass lamp", "quantity": 2, "sku": "LAMP", "price": "60.00"},
            {"id": 72, "name": "Linen shade", "quantity": 1, "sku": "SHADE", "price": "29.50"},
        ],
        "fulfillments": [],
    }
    return values | fields


def shopify_fulfilment(**fields: Any) -> dict[str, Any]:
    """One parcel with one lamp of order 5001."""
    values: dict[str, Any] = {
        "id": 901,
        "order_id": 5001,
        "name": "#2001.1",
        "email": "sara@shopper.example",
        "status": "success",
        "created_at": "2026-11-11T18:00:00+04:00",
        "updated_at": "2026-11-11T18:00:00+04:00",
        "tracking_company": "Aramex",
        "tracking_number": "34567890123",
        "tracking_numbers": ["34567890123"],
        "destination": {"country_code": "AE", "city": "Dubai", "name": "Omar Haddad"},
        "line_items": [{"id": 71, "name": "Brass lamp", "quantity": 1, "sku": "LAMP"}],
    }
    return values | fields


def shopify_refund(**fields: Any) -> dict[str, Any]:
    """One lamp of order 5001, paid back."""
    values: dict[str, Any] = {
        "id": 701,
        "order_id": 5001,
        "created_at": "2026-11-20T10:00:00+04:00",
        "processed_at": "2026-11-20T10:00:05+04:00",
        "note": "arrived broken",
        "refund_line_items": [{"id": 1, "line_item_id": 71, "quantity": 1}],
        "transactions": [
            {"id": 1, "kind": "refund", "status": "success", "amount": "60.00"},
            {"id": 2, "kind": "refund", "status": "failure", "amount": "60.00"},
            {"id": 3, "kind": "capture", "status": "success", "amount": "149.50"},
        ],
    }
    return values | fields


def woo_order(**fields: Any) -> dict[str, Any]:
    """A cash order being worked on, with a blank shipping address and one parcel."""
    values: dict[str, Any] = {
        "id": 812,
        "number": "W-812",
        "status": "processing",
        "currency": "SAR",
        "date_created_gmt": "2026-11-11T05:00:00",
        "date_modified_gmt": "2026-11-11T06:00:00",
        "date_paid_gmt": None,
        "total": "210.00",
        "payment_method": "cod",
        "payment_method_title": "Cash on delivery",
        "billing": {
            "first_name": "Noura",
            "last_name": "Saleh",
            "address_1": "King Fahd Road",
            "city": "Riyadh",
            "country": "SA",
            "email": "noura@shopper.example",
            "phone": "+966501234567",
        },
        "shipping": {"first_name": "", "last_name": "", "address_1": "", "city": "", "country": ""},
        "line_items": [
            {"id": 31, "name": "Oud &ndash; 50 ml", "quantity": 2, "sku": "OUD", "price": 105}
        ],
        "meta_data": [
            {
                "id": 1,
                "key": "_wc_shipment_tracking_items",
                "value": [
                    {
                        "tracking_provider": "",
                        "custom_tracking_provider": "SMSA Express",
                        "custom_tracking_link": "",
                        "tracking_number": "290123456789",
                        "date_shipped": "1762819200",
                        "tracking_id": "a1b2",
                    }
                ],
            },
            {"id": 2, "key": "wpml_language", "value": "ar"},
        ],
    }
    return values | fields
