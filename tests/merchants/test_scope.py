"""The scope: who sees whose rows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, InternalError, ProgrammingError, connection, transaction
from django_rls_tenants.exceptions import NoTenantContextError

from merchants.models import Brand, Merchant
from merchants.scope import CrossMerchantScope, every_merchant, merchant_scope


def test_query_without_scope_raises(merchant: Merchant) -> None:
    with pytest.raises(NoTenantContextError):
        Brand.objects.count()


def test_raw_sql_without_scope_sees_no_row(merchant: Merchant) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM merchants_brand")
        assert cursor.fetchone() == (0,)


def test_scope_shows_only_its_merchants_rows(merchant: Merchant, other: Merchant) -> None:
    with merchant_scope(merchant.pk):
        assert [brand.merchant_id for brand in Brand.objects.all()] == [merchant.pk]
        with connection.cursor() as cursor:
            cursor.execute("SELECT merchant_id FROM merchants_brand")
            assert cursor.fetchall() == [(merchant.pk,)]


def test_scope_refuses_to_write_for_another(merchant: Merchant, other: Merchant) -> None:
    with (
        merchant_scope(merchant.pk),
        pytest.raises((ProgrammingError, InternalError)),
        transaction.atomic(),
    ):
        Brand.objects.create(merchant=other)


def test_nested_scope_of_another_merchant_is_refused(merchant: Merchant, other: Merchant) -> None:
    with (
        merchant_scope(merchant.pk),
        pytest.raises(CrossMerchantScope),
        merchant_scope(other.pk),
    ):
        pass


def test_error_in_a_nested_scope_gives_back_the_outer_one(
    merchant: Merchant, other: Merchant
) -> None:
    with every_merchant("test"):
        with pytest.raises(IntegrityError), merchant_scope(other.pk):
            Brand.objects.create(merchant=other)
        assert Brand.objects.count() == 2


def test_scope_ends_with_its_block(merchant: Merchant) -> None:
    with merchant_scope(merchant.pk):
        pass
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM merchants_brand")
        assert cursor.fetchone() == (0,)


def test_every_merchant_sees_all_and_gives_back_the_inner_scope(
    merchant: Merchant, other: Merchant
) -> None:
    with every_merchant("test"):
        assert Brand.objects.count() == 2
        with merchant_scope(other.pk):
            assert Brand.objects.count() == 1
        assert Brand.objects.count() == 2


def test_application_role_is_no_superuser_and_cannot_bypass(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
