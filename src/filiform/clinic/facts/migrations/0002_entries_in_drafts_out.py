"""Entries of the audit come in, drafts of forms go to `web`; neither table is touched."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import filiform.clinic.facts.models


class Migration(migrations.Migration):
    dependencies = [
        ("record", "0001_initial"),
        ("audit", "0002_entry_to_the_record"),
        ("patients", "0001_initial"),
        ("staff", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name="Entry",
                    fields=[
                        (
                            "id",
                            models.UUIDField(
                                default=filiform.clinic.facts.models.new_id,
                                editable=False,
                                primary_key=True,
                                serialize=False,
                            ),
                        ),
                        ("at", models.DateTimeField(default=filiform.clinic.facts.models.now)),
                        ("action", models.CharField(max_length=60)),
                        ("subject_type", models.CharField(blank=True, max_length=60)),
                        ("subject_id", models.CharField(blank=True, max_length=40)),
                        ("details", models.JSONField(default=dict)),
                        (
                            "by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        (
                            "organisation",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="staff.organisation",
                            ),
                        ),
                        (
                            "patient",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="patients.patient",
                            ),
                        ),
                    ],
                    options={
                        "db_table": "audit_entry",
                        "indexes": [
                            models.Index(fields=["organisation", "-at"], name="audit_org_at"),
                            models.Index(fields=["patient", "-at"], name="audit_patient_at"),
                            models.Index(fields=["by", "-at"], name="audit_by_at"),
                            models.Index(
                                fields=["organisation", "action", "-at"], name="audit_action_at"
                            ),
                        ],
                    },
                ),
                migrations.DeleteModel(name="Draft"),
            ]
        )
    ]
