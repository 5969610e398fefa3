"""The past states of partners, and the triggers that write them (apps.identity_providers.history)."""

import apps.identity_providers.models
import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity_providers', '0003_trusted_identity'),
    ]

    operations = [
        migrations.CreateModel(
            name='IdentityProviderEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('enrolment', models.CharField(blank=True, default='', max_length=600, verbose_name='comment l’obtenir')),
                ('enrolment_url', models.URLField(blank=True, default='', max_length=512, verbose_name='où l’obtenir')),
                ('alternative_label', models.CharField(blank=True, default='', max_length=120, verbose_name='lien si indisponible')),
                ('alternative_url', models.URLField(blank=True, default='', max_length=512, verbose_name='adresse de ce lien')),
                ('confirmation_title', models.CharField(blank=True, default='', max_length=120, verbose_name='titre de la confirmation')),
                ('confirmation_body', models.CharField(blank=True, default='', max_length=600, verbose_name='texte de la confirmation')),
                ('confirmation_continue', models.CharField(blank=True, default='', max_length=120, verbose_name='bouton de la confirmation')),
                ('uid', models.CharField(max_length=64, verbose_name='identifiant')),
                ('name', models.CharField(max_length=64, verbose_name='nom technique')),
                ('title', models.CharField(max_length=120, verbose_name='titre affiché')),
                ('hint', models.CharField(blank=True, default='', max_length=120, verbose_name='identifiant demandé')),
                ('pictogram', models.CharField(blank=True, default='', max_length=120, verbose_name='pictogramme')),
                ('issuer', models.URLField(max_length=512, verbose_name='émetteur (issuer)')),
                ('authorization_endpoint', models.URLField(blank=True, default='', max_length=512, verbose_name='authorization_endpoint')),
                ('token_endpoint', models.URLField(blank=True, default='', max_length=512, verbose_name='token_endpoint')),
                ('userinfo_endpoint', models.URLField(blank=True, default='', max_length=512, verbose_name='userinfo_endpoint')),
                ('end_session_endpoint', models.URLField(blank=True, default='', max_length=512, verbose_name='end_session_endpoint')),
                ('jwks_uri', models.URLField(blank=True, default='', max_length=512, verbose_name='jwks_uri')),
                ('client_id', models.CharField(max_length=255, verbose_name='client_id')),
                ('token_endpoint_auth_method', models.CharField(choices=[('client_secret_post', 'client_secret_post'), ('client_secret_basic', 'client_secret_basic')], default='client_secret_post', max_length=32, verbose_name='authentification à /token')),
                ('id_token_signed_response_alg', models.CharField(choices=[('ES256', 'ES256'), ('RS256', 'RS256'), ('HS256', 'HS256')], default='ES256', max_length=8, verbose_name='algorithme de l’ID token')),
                ('userinfo_signed_response_alg', models.CharField(blank=True, choices=[('ES256', 'ES256'), ('RS256', 'RS256'), ('HS256', 'HS256')], help_text='vide\u202f: JSON non signé', max_length=8, null=True, verbose_name='algorithme de userinfo')),
                ('scope', models.CharField(default='openid profile email birth', max_length=255, verbose_name='scopes demandés')),
                ('allowed_acr', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('eidas1', 'eidas1'), ('eidas2', 'eidas2'), ('eidas3', 'eidas3')], max_length=16), default=apps.identity_providers.models.default_levels, size=None, verbose_name='niveaux habilités')),
                ('amr', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), default=apps.identity_providers.models.default_methods, size=None, verbose_name='méthodes d’authentification (amr)')),
                ('trusted_identity', models.BooleanField(default=False, help_text='elles viennent de l’état civil\u202f: le registre n’est pas interrogé', verbose_name='identités déjà vérifiées')),
                ('active', models.BooleanField(default=True, verbose_name='utilisable')),
                ('display', models.BooleanField(default=True, verbose_name='affiché')),
                ('is_beta', models.BooleanField(default=False, verbose_name='en test')),
                ('message', models.CharField(blank=True, default='', max_length=255, verbose_name='message si indisponible')),
                ('order', models.PositiveIntegerField(default=100, verbose_name='ordre d’affichage')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='créé le')),
                ('updated_at', models.DateTimeField(auto_now=True, verbose_name='modifié le')),
            ],
            options={
                'verbose_name': 'état passé d’un fournisseur d’identité',
                'verbose_name_plural': 'états passés des fournisseurs d’identité',
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identityprovider',
            trigger=pgtrigger.compiler.Trigger(name='created_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "identity_providers_identityproviderevent" ("active", "allowed_acr", "alternative_label", "alternative_url", "amr", "authorization_endpoint", "client_id", "confirmation_body", "confirmation_continue", "confirmation_title", "created_at", "display", "end_session_endpoint", "enrolment", "enrolment_url", "hint", "id", "id_token_signed_response_alg", "is_beta", "issuer", "jwks_uri", "message", "name", "order", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pictogram", "scope", "title", "token_endpoint", "token_endpoint_auth_method", "trusted_identity", "uid", "updated_at", "userinfo_endpoint", "userinfo_signed_response_alg") VALUES (NEW."active", NEW."allowed_acr", NEW."alternative_label", NEW."alternative_url", NEW."amr", NEW."authorization_endpoint", NEW."client_id", NEW."confirmation_body", NEW."confirmation_continue", NEW."confirmation_title", NEW."created_at", NEW."display", NEW."end_session_endpoint", NEW."enrolment", NEW."enrolment_url", NEW."hint", NEW."id", NEW."id_token_signed_response_alg", NEW."is_beta", NEW."issuer", NEW."jwks_uri", NEW."message", NEW."name", NEW."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'created\', NEW."id", NEW."pictogram", NEW."scope", NEW."title", NEW."token_endpoint", NEW."token_endpoint_auth_method", NEW."trusted_identity", NEW."uid", NEW."updated_at", NEW."userinfo_endpoint", NEW."userinfo_signed_response_alg"); RETURN NULL;', hash='b43336d5222df8137048c619713a84418c8f0482', operation='INSERT', pgid='pgtrigger_created_insert_1ffd9', table='identity_providers_identityprovider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identityprovider',
            trigger=pgtrigger.compiler.Trigger(name='changed_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD."active" IS DISTINCT FROM (NEW."active") OR OLD."allowed_acr" IS DISTINCT FROM (NEW."allowed_acr") OR OLD."alternative_label" IS DISTINCT FROM (NEW."alternative_label") OR OLD."alternative_url" IS DISTINCT FROM (NEW."alternative_url") OR OLD."amr" IS DISTINCT FROM (NEW."amr") OR OLD."authorization_endpoint" IS DISTINCT FROM (NEW."authorization_endpoint") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."confirmation_body" IS DISTINCT FROM (NEW."confirmation_body") OR OLD."confirmation_continue" IS DISTINCT FROM (NEW."confirmation_continue") OR OLD."confirmation_title" IS DISTINCT FROM (NEW."confirmation_title") OR OLD."display" IS DISTINCT FROM (NEW."display") OR OLD."end_session_endpoint" IS DISTINCT FROM (NEW."end_session_endpoint") OR OLD."enrolment" IS DISTINCT FROM (NEW."enrolment") OR OLD."enrolment_url" IS DISTINCT FROM (NEW."enrolment_url") OR OLD."hint" IS DISTINCT FROM (NEW."hint") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."id_token_signed_response_alg" IS DISTINCT FROM (NEW."id_token_signed_response_alg") OR OLD."is_beta" IS DISTINCT FROM (NEW."is_beta") OR OLD."issuer" IS DISTINCT FROM (NEW."issuer") OR OLD."jwks_uri" IS DISTINCT FROM (NEW."jwks_uri") OR OLD."message" IS DISTINCT FROM (NEW."message") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."order" IS DISTINCT FROM (NEW."order") OR OLD."pictogram" IS DISTINCT FROM (NEW."pictogram") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."token_endpoint" IS DISTINCT FROM (NEW."token_endpoint") OR OLD."token_endpoint_auth_method" IS DISTINCT FROM (NEW."token_endpoint_auth_method") OR OLD."trusted_identity" IS DISTINCT FROM (NEW."trusted_identity") OR OLD."uid" IS DISTINCT FROM (NEW."uid") OR OLD."userinfo_endpoint" IS DISTINCT FROM (NEW."userinfo_endpoint") OR OLD."userinfo_signed_response_alg" IS DISTINCT FROM (NEW."userinfo_signed_response_alg"))) AND (OLD."client_secret" IS NOT DISTINCT FROM (NEW."client_secret")))', func='INSERT INTO "identity_providers_identityproviderevent" ("active", "allowed_acr", "alternative_label", "alternative_url", "amr", "authorization_endpoint", "client_id", "confirmation_body", "confirmation_continue", "confirmation_title", "created_at", "display", "end_session_endpoint", "enrolment", "enrolment_url", "hint", "id", "id_token_signed_response_alg", "is_beta", "issuer", "jwks_uri", "message", "name", "order", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pictogram", "scope", "title", "token_endpoint", "token_endpoint_auth_method", "trusted_identity", "uid", "updated_at", "userinfo_endpoint", "userinfo_signed_response_alg") VALUES (NEW."active", NEW."allowed_acr", NEW."alternative_label", NEW."alternative_url", NEW."amr", NEW."authorization_endpoint", NEW."client_id", NEW."confirmation_body", NEW."confirmation_continue", NEW."confirmation_title", NEW."created_at", NEW."display", NEW."end_session_endpoint", NEW."enrolment", NEW."enrolment_url", NEW."hint", NEW."id", NEW."id_token_signed_response_alg", NEW."is_beta", NEW."issuer", NEW."jwks_uri", NEW."message", NEW."name", NEW."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'changed\', NEW."id", NEW."pictogram", NEW."scope", NEW."title", NEW."token_endpoint", NEW."token_endpoint_auth_method", NEW."trusted_identity", NEW."uid", NEW."updated_at", NEW."userinfo_endpoint", NEW."userinfo_signed_response_alg"); RETURN NULL;', hash='8a5708fd1a69873e73829b9bfc1ca02e4f279a43', operation='UPDATE', pgid='pgtrigger_changed_update_19d66', table='identity_providers_identityprovider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identityprovider',
            trigger=pgtrigger.compiler.Trigger(name='secret_replaced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."client_secret" IS DISTINCT FROM (NEW."client_secret"))', func='INSERT INTO "identity_providers_identityproviderevent" ("active", "allowed_acr", "alternative_label", "alternative_url", "amr", "authorization_endpoint", "client_id", "confirmation_body", "confirmation_continue", "confirmation_title", "created_at", "display", "end_session_endpoint", "enrolment", "enrolment_url", "hint", "id", "id_token_signed_response_alg", "is_beta", "issuer", "jwks_uri", "message", "name", "order", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pictogram", "scope", "title", "token_endpoint", "token_endpoint_auth_method", "trusted_identity", "uid", "updated_at", "userinfo_endpoint", "userinfo_signed_response_alg") VALUES (NEW."active", NEW."allowed_acr", NEW."alternative_label", NEW."alternative_url", NEW."amr", NEW."authorization_endpoint", NEW."client_id", NEW."confirmation_body", NEW."confirmation_continue", NEW."confirmation_title", NEW."created_at", NEW."display", NEW."end_session_endpoint", NEW."enrolment", NEW."enrolment_url", NEW."hint", NEW."id", NEW."id_token_signed_response_alg", NEW."is_beta", NEW."issuer", NEW."jwks_uri", NEW."message", NEW."name", NEW."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'secret_replaced\', NEW."id", NEW."pictogram", NEW."scope", NEW."title", NEW."token_endpoint", NEW."token_endpoint_auth_method", NEW."trusted_identity", NEW."uid", NEW."updated_at", NEW."userinfo_endpoint", NEW."userinfo_signed_response_alg"); RETURN NULL;', hash='c72dadaa8f02fb50facecf7280d2fcb6fdf8e084', operation='UPDATE', pgid='pgtrigger_secret_replaced_update_129e8', table='identity_providers_identityprovider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='identityprovider',
            trigger=pgtrigger.compiler.Trigger(name='deleted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "identity_providers_identityproviderevent" ("active", "allowed_acr", "alternative_label", "alternative_url", "amr", "authorization_endpoint", "client_id", "confirmation_body", "confirmation_continue", "confirmation_title", "created_at", "display", "end_session_endpoint", "enrolment", "enrolment_url", "hint", "id", "id_token_signed_response_alg", "is_beta", "issuer", "jwks_uri", "message", "name", "order", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pictogram", "scope", "title", "token_endpoint", "token_endpoint_auth_method", "trusted_identity", "uid", "updated_at", "userinfo_endpoint", "userinfo_signed_response_alg") VALUES (OLD."active", OLD."allowed_acr", OLD."alternative_label", OLD."alternative_url", OLD."amr", OLD."authorization_endpoint", OLD."client_id", OLD."confirmation_body", OLD."confirmation_continue", OLD."confirmation_title", OLD."created_at", OLD."display", OLD."end_session_endpoint", OLD."enrolment", OLD."enrolment_url", OLD."hint", OLD."id", OLD."id_token_signed_response_alg", OLD."is_beta", OLD."issuer", OLD."jwks_uri", OLD."message", OLD."name", OLD."order", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'deleted\', OLD."id", OLD."pictogram", OLD."scope", OLD."title", OLD."token_endpoint", OLD."token_endpoint_auth_method", OLD."trusted_identity", OLD."uid", OLD."updated_at", OLD."userinfo_endpoint", OLD."userinfo_signed_response_alg"); RETURN NULL;', hash='8e9208d963ca272ee9611e7026ae33089272921f', operation='DELETE', pgid='pgtrigger_deleted_delete_808f8', table='identity_providers_identityprovider', when='AFTER')),
        ),
        migrations.AddField(
            model_name='identityproviderevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='identity_providers.identityprovider'),
        ),
    ]
