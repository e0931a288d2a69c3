"""Addresses of authority and of notifications."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import authority, notice_ways, notifications

urlpatterns: list[URLPattern | URLResolver] = [
    path("authority/", authority.authority, name="authority"),
    path("authority/grant/", authority.grant, name="authority_grant"),
    path("authority/end/", authority.end, name="authority_end"),
    path("authority/deputies/appoint/", authority.appoint, name="deputy_appoint"),
    path("authority/deputies/end/", authority.end_standing, name="deputy_end"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/read/", notifications.read, name="notifications_read"),
    path("notifications/ways/", notice_ways.ways, name="notice_ways"),
    path("notifications/hours/", notice_ways.hours, name="notice_hours"),
    path("notifications/addresses/add/", notice_ways.add, name="notice_address_add"),
    path("notifications/addresses/remove/", notice_ways.remove, name="notice_address_remove"),
]
