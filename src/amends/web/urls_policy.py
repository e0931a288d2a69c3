"""Addresses of the comment policy and of the transparency report: those of everybody, and the editor."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path, register_converter

from amends.web import policy, public_policy, transparency
from amends.web.public_document import BrandKey

register_converter(BrandKey, "brand")

urlpatterns: list[URLPattern | URLResolver] = [
    path("policy/", policy.editor, name="policy"),
    path("policy/save/", policy.save, name="policy_save"),
    path("policy/begin/", policy.begin, name="policy_begin"),
    path("policy/import/", policy.import_file, name="policy_import"),
    path("policy/discard/", policy.discard, name="policy_discard"),
    path("policy/publish/", policy.publish, name="policy_publish"),
    path("policy/export/", policy.export, name="policy_export"),
    path("policy/preview/", policy.preview, name="policy_preview"),
    path("policy/<brand:brand>/", public_policy.policy, name="public_policy"),
    path(
        "policy/<brand:brand>/<slug:language>/",
        public_policy.policy_in_language,
        name="public_policy_language",
    ),
    path(
        "policy/<brand:brand>/<slug:language>/v<int:number>/",
        public_policy.policy_version,
        name="public_policy_version",
    ),
    path("transparency/<brand:brand>/", transparency.report, name="transparency"),
    path("transparency/<brand:brand>.json", transparency.report_json, name="transparency_json"),
    path("transparency/<brand:brand>.pdf", transparency.report_pdf, name="transparency_pdf"),
]
