"""What shoppers see of the shop: look, address, languages, promotions, products, questions,
banners; part of `urls`."""

from __future__ import annotations

from typing import Final

from django.urls import URLPattern, path

from dashboard import brand, brand_preview
from dashboard.domains import changing as domain_changing
from dashboard.domains import pages as domain_pages
from dashboard.help_texts import banner_preview, banners, question_pages, questions
from dashboard.languages import page as languages_page
from dashboard.selling import product_page, products, promotion_page, promotions

_M = "<slug:merchant>/"
_DOMAIN = f"{_M}settings/domains/<int:domain_id>/"
_PROMOTION = f"{_M}settings/promotions/<int:promotion_id>/"

LOOK: Final[list[URLPattern]] = [
    path(f"{_M}settings/brand/", brand.brand, name="brand"),
    path(f"{_M}settings/brand/page/", brand_preview.brand_page, name="brand_page"),
    path(f"{_M}settings/brand/preview/", brand_preview.brand_preview, name="brand_preview"),
    path(f"{_M}settings/brand/logo/", brand.logo, name="logo"),
    path(f"{_M}settings/domains/", domain_pages.domains, name="domains"),
    path(f"{_DOMAIN}check/", domain_changing.check, name="domain_check"),
    path(f"{_DOMAIN}prefer/", domain_changing.prefer, name="domain_prefer"),
    path(f"{_DOMAIN}remove/", domain_changing.remove, name="domain_remove"),
    path(f"{_M}settings/languages/", languages_page.languages, name="languages"),
    path(f"{_M}settings/promotions/", promotions.promotions, name="promotions"),
    path(f"{_M}settings/promotions/new/", promotion_page.new, name="promotion_new"),
    path(f"{_M}settings/promotions/preview/", promotion_page.preview, name="promotion_preview_new"),
    path(_PROMOTION, promotion_page.edit, name="promotion"),
    path(f"{_PROMOTION}preview/", promotion_page.preview, name="promotion_preview"),
    path(f"{_PROMOTION}switch/", promotions.switch, name="promotion_switch"),
    path(f"{_PROMOTION}move/", promotions.move, name="promotion_move"),
    path(f"{_PROMOTION}remove/", promotions.remove, name="promotion_remove"),
    path(f"{_M}settings/products/", products.products, name="products"),
    path(f"{_M}settings/products/upload/", products.upload, name="products_upload"),
    path(f"{_M}settings/products/sample.csv", products.sample, name="products_sample"),
    path(f"{_M}settings/products/<int:product_id>/", product_page.edit, name="product"),
    path(
        f"{_M}settings/products/<int:product_id>/remove/",
        product_page.remove,
        name="product_remove",
    ),
    path(f"{_M}settings/brand/picture/<slug:name>/", brand.picture, name="brand_picture"),
    path(f"{_M}pages/questions/", questions.questions, name="questions"),
    path(f"{_M}pages/questions/new/", question_pages.new, name="question_new"),
    path(f"{_M}pages/questions/listed/", questions.listed, name="questions_listed"),
    path(f"{_M}pages/questions/ours/<slug:ours>/", question_pages.ours, name="question_ours"),
    path(f"{_M}pages/questions/ours/<slug:ours>/switch/", questions.switch, name="question_switch"),
    path(f"{_M}pages/questions/<int:question_id>/", question_pages.edit, name="question"),
    path(f"{_M}pages/questions/<int:question_id>/move/", questions.move, name="question_move"),
    path(
        f"{_M}pages/questions/<int:question_id>/remove/", questions.remove, name="question_remove"
    ),
    path(f"{_M}pages/banners/", banners.banners, name="banners"),
    path(f"{_M}pages/banners/new/", banners.new, name="banner_new"),
    path(f"{_M}pages/banners/page/", banner_preview.banner_page, name="banner_page"),
    path(f"{_M}pages/banners/ready/<slug:peak>/", banners.take_peak, name="banner_take"),
    path(f"{_M}pages/banners/<int:banner_id>/", banners.edit, name="banner"),
    path(f"{_M}pages/banners/<int:banner_id>/remove/", banners.remove, name="banner_remove"),
]
