"""Addresses of the contact base."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import contact_base, contact_correct

urlpatterns: list[URLPattern | URLResolver] = [
    path("contacts/", contact_base.contacts, name="contacts"),
    path("contacts/add/", contact_base.add, name="contact_add"),
    path("contacts/export/", contact_base.export, name="contacts_export"),
    path("contacts/<int:pk>/", contact_base.contact, name="contact"),
    path("contacts/<int:pk>/correct/", contact_correct.correct, name="contact_correct"),
    path("contacts/<int:pk>/erase/", contact_base.erase, name="contact_erase"),
]
