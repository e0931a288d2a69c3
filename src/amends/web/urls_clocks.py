"""Addresses of business hours and departments, and of waiting for the customer."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, path

from amends.web import departments, hours, waiting

urlpatterns: list[URLPattern | URLResolver] = [
    path("hours/", hours.hours, name="hours"),
    path("hours/save/", hours.save_hours, name="save_hours"),
    path("departments/", departments.departments, name="departments"),
    path("departments/add/", departments.add, name="department_add"),
    path("departments/<int:pk>/", departments.department, name="department"),
    path("departments/<int:pk>/end/", departments.end, name="department_end"),
    path("cases/C-<int:number>/department/ask/", departments.ask, name="department_ask"),
    path("cases/C-<int:number>/department/answer/", departments.answer, name="department_answer"),
    path(
        "cases/C-<int:number>/department/withdraw/",
        departments.withdraw,
        name="department_withdraw",
    ),
    path("cases/C-<int:number>/wait/", waiting.wait, name="case_wait"),
    path("cases/C-<int:number>/take-up/", waiting.take_up, name="case_take_up"),
]
