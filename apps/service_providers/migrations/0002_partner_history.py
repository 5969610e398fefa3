"""The past states of partners, and the triggers that write them (apps.identity_providers.history)."""

import apps.identity_providers.models
import apps.service_providers.models
import django.contrib.postgres.fields
import django.db.models.deletion
import oauth2_provider.generators
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('service_providers', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ServiceProviderEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('id', models.BigIntegerField()),
                ('client_id', models.CharField(default=oauth2_provider.generators.generate_client_id, max_length=255, verbose_name='client ID')),
                ('redirect_uris', models.TextField(blank=True, help_text='Allowed URIs list, space separated', verbose_name='redirect URIs')),
                ('post_logout_redirect_uris', models.TextField(blank=True, default='', help_text='Allowed Post Logout URIs list, space separated', verbose_name='post logout redirect URIs')),
                ('created', models.DateTimeField(auto_now_add=True, verbose_name='created')),
                ('updated', models.DateTimeField(auto_now=True, verbose_name='updated')),
                ('name', models.CharField(max_length=256, verbose_name='nom du service')),
                ('organisation', models.CharField(blank=True, default='', max_length=256, verbose_name='organisation')),
                ('kind', models.CharField(choices=[('public', 'public'), ('private', 'privé')], default='public', max_length=8, verbose_name='type')),
                ('client_uri', models.URLField(blank=True, default='', max_length=1024, verbose_name='site')),
                ('active', models.BooleanField(default=True, verbose_name='actif')),
                ('client_type', models.CharField(default='confidential', editable=False, max_length=32, verbose_name='type de client')),
                ('authorization_grant_type', models.CharField(default='authorization-code', editable=False, max_length=44, verbose_name='flux')),
                ('entity_id', models.CharField(blank=True, default='', help_text='les services d’une même entité reçoivent le même identifiant pour une personne\u202f; vide\u202f: le client_id', max_length=255, verbose_name='entité')),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=apps.service_providers.models.default_scopes, size=None, verbose_name='scopes habilités')),
                ('claims', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, help_text='demandés un par un par le paramètre claims\u202f: amr', size=None, verbose_name='claims habilités')),
                ('token_endpoint_auth_method', models.CharField(choices=[('client_secret_post', 'client_secret_post'), ('client_secret_basic', 'client_secret_basic')], default='client_secret_post', max_length=32, verbose_name='authentification à /token')),
                ('id_token_signed_response_alg', models.CharField(choices=[('ES256', 'ES256'), ('RS256', 'RS256'), ('HS256', 'HS256')], default='ES256', max_length=8, verbose_name='algorithme de l’ID token')),
                ('userinfo_signed_response_alg', models.CharField(blank=True, choices=[('ES256', 'ES256'), ('RS256', 'RS256'), ('HS256', 'HS256')], default='ES256', help_text='vide\u202f: JSON non signé', max_length=8, null=True, verbose_name='algorithme de userinfo')),
                ('idp_filter_mode', models.CharField(choices=[('all', 'tous'), ('all_but', 'tous sauf'), ('only', 'seulement')], default='all', max_length=8, verbose_name='comptes acceptés')),
                ('idp_filter', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None, verbose_name='liste des comptes')),
                ('acr_values', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(choices=[('eidas1', 'eidas1'), ('eidas2', 'eidas2'), ('eidas3', 'eidas3')], max_length=16), default=apps.identity_providers.models.default_levels, size=None, verbose_name='niveaux servis')),
                ('default_acr', models.CharField(choices=[('eidas1', 'eidas1'), ('eidas2', 'eidas2'), ('eidas3', 'eidas3')], default='eidas1', max_length=16, verbose_name='niveau par défaut')),
                ('acr_required', models.BooleanField(default=True, verbose_name='acr_values obligatoire')),
                ('nonce_policy', models.CharField(choices=[('required_min22', 'obligatoire, 22 caractères au moins'), ('optional', 'facultatif (OpenID Connect)')], default='required_min22', max_length=16, verbose_name='nonce')),
                ('pkce_required', models.BooleanField(default=False, verbose_name='PKCE obligatoire')),
                ('allowed_prompts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=16), blank=True, default=apps.service_providers.models.default_prompts, size=None, verbose_name='prompts permis')),
                ('allowed_idp_hints', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), blank=True, default=list, size=None, verbose_name='idp_hint permis')),
                ('consent_mode', models.CharField(choices=[('always', 'page montrée à chaque connexion'), ('remembered', 'page montrée une fois par session')], default='always', max_length=16, verbose_name='page d’information')),
                ('identity_consent', models.BooleanField(default=False, help_text='case à cocher avant la transmission', verbose_name='consentement explicite')),
                ('age_minimum', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='âge minimum')),
                ('is_conformance', models.BooleanField(default=False, help_text='autorise une politique assouplie en production (vérifiée par check --deploy)', verbose_name='client de conformité')),
            ],
            options={
                'verbose_name': 'état passé d’un fournisseur de service',
                'verbose_name_plural': 'états passés des fournisseurs de service',
                'abstract': False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='serviceprovider',
            trigger=pgtrigger.compiler.Trigger(name='created_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "service_providers_serviceproviderevent" ("acr_required", "acr_values", "active", "age_minimum", "allowed_idp_hints", "allowed_prompts", "authorization_grant_type", "claims", "client_id", "client_type", "client_uri", "consent_mode", "created", "default_acr", "entity_id", "id", "id_token_signed_response_alg", "identity_consent", "idp_filter", "idp_filter_mode", "is_conformance", "kind", "name", "nonce_policy", "organisation", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pkce_required", "post_logout_redirect_uris", "redirect_uris", "scopes", "token_endpoint_auth_method", "updated", "userinfo_signed_response_alg") VALUES (NEW."acr_required", NEW."acr_values", NEW."active", NEW."age_minimum", NEW."allowed_idp_hints", NEW."allowed_prompts", NEW."authorization_grant_type", NEW."claims", NEW."client_id", NEW."client_type", NEW."client_uri", NEW."consent_mode", NEW."created", NEW."default_acr", NEW."entity_id", NEW."id", NEW."id_token_signed_response_alg", NEW."identity_consent", NEW."idp_filter", NEW."idp_filter_mode", NEW."is_conformance", NEW."kind", NEW."name", NEW."nonce_policy", NEW."organisation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'created\', NEW."id", NEW."pkce_required", NEW."post_logout_redirect_uris", NEW."redirect_uris", NEW."scopes", NEW."token_endpoint_auth_method", NEW."updated", NEW."userinfo_signed_response_alg"); RETURN NULL;', hash='232898ec422379c6dd304807395f568b72f3d73a', operation='INSERT', pgid='pgtrigger_created_insert_55f49', table='service_providers_serviceprovider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='serviceprovider',
            trigger=pgtrigger.compiler.Trigger(name='changed_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (((OLD."acr_required" IS DISTINCT FROM (NEW."acr_required") OR OLD."acr_values" IS DISTINCT FROM (NEW."acr_values") OR OLD."active" IS DISTINCT FROM (NEW."active") OR OLD."age_minimum" IS DISTINCT FROM (NEW."age_minimum") OR OLD."allowed_idp_hints" IS DISTINCT FROM (NEW."allowed_idp_hints") OR OLD."allowed_prompts" IS DISTINCT FROM (NEW."allowed_prompts") OR OLD."authorization_grant_type" IS DISTINCT FROM (NEW."authorization_grant_type") OR OLD."claims" IS DISTINCT FROM (NEW."claims") OR OLD."client_id" IS DISTINCT FROM (NEW."client_id") OR OLD."client_type" IS DISTINCT FROM (NEW."client_type") OR OLD."client_uri" IS DISTINCT FROM (NEW."client_uri") OR OLD."consent_mode" IS DISTINCT FROM (NEW."consent_mode") OR OLD."default_acr" IS DISTINCT FROM (NEW."default_acr") OR OLD."entity_id" IS DISTINCT FROM (NEW."entity_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."id_token_signed_response_alg" IS DISTINCT FROM (NEW."id_token_signed_response_alg") OR OLD."identity_consent" IS DISTINCT FROM (NEW."identity_consent") OR OLD."idp_filter" IS DISTINCT FROM (NEW."idp_filter") OR OLD."idp_filter_mode" IS DISTINCT FROM (NEW."idp_filter_mode") OR OLD."is_conformance" IS DISTINCT FROM (NEW."is_conformance") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."nonce_policy" IS DISTINCT FROM (NEW."nonce_policy") OR OLD."organisation" IS DISTINCT FROM (NEW."organisation") OR OLD."pkce_required" IS DISTINCT FROM (NEW."pkce_required") OR OLD."post_logout_redirect_uris" IS DISTINCT FROM (NEW."post_logout_redirect_uris") OR OLD."redirect_uris" IS DISTINCT FROM (NEW."redirect_uris") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes") OR OLD."token_endpoint_auth_method" IS DISTINCT FROM (NEW."token_endpoint_auth_method") OR OLD."userinfo_signed_response_alg" IS DISTINCT FROM (NEW."userinfo_signed_response_alg"))) AND (OLD."client_secret" IS NOT DISTINCT FROM (NEW."client_secret")))', func='INSERT INTO "service_providers_serviceproviderevent" ("acr_required", "acr_values", "active", "age_minimum", "allowed_idp_hints", "allowed_prompts", "authorization_grant_type", "claims", "client_id", "client_type", "client_uri", "consent_mode", "created", "default_acr", "entity_id", "id", "id_token_signed_response_alg", "identity_consent", "idp_filter", "idp_filter_mode", "is_conformance", "kind", "name", "nonce_policy", "organisation", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pkce_required", "post_logout_redirect_uris", "redirect_uris", "scopes", "token_endpoint_auth_method", "updated", "userinfo_signed_response_alg") VALUES (NEW."acr_required", NEW."acr_values", NEW."active", NEW."age_minimum", NEW."allowed_idp_hints", NEW."allowed_prompts", NEW."authorization_grant_type", NEW."claims", NEW."client_id", NEW."client_type", NEW."client_uri", NEW."consent_mode", NEW."created", NEW."default_acr", NEW."entity_id", NEW."id", NEW."id_token_signed_response_alg", NEW."identity_consent", NEW."idp_filter", NEW."idp_filter_mode", NEW."is_conformance", NEW."kind", NEW."name", NEW."nonce_policy", NEW."organisation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'changed\', NEW."id", NEW."pkce_required", NEW."post_logout_redirect_uris", NEW."redirect_uris", NEW."scopes", NEW."token_endpoint_auth_method", NEW."updated", NEW."userinfo_signed_response_alg"); RETURN NULL;', hash='b6060d521d587e30339e79a1d8c4d66d2dbdabb9', operation='UPDATE', pgid='pgtrigger_changed_update_c1cd4', table='service_providers_serviceprovider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='serviceprovider',
            trigger=pgtrigger.compiler.Trigger(name='secret_replaced_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."client_secret" IS DISTINCT FROM (NEW."client_secret"))', func='INSERT INTO "service_providers_serviceproviderevent" ("acr_required", "acr_values", "active", "age_minimum", "allowed_idp_hints", "allowed_prompts", "authorization_grant_type", "claims", "client_id", "client_type", "client_uri", "consent_mode", "created", "default_acr", "entity_id", "id", "id_token_signed_response_alg", "identity_consent", "idp_filter", "idp_filter_mode", "is_conformance", "kind", "name", "nonce_policy", "organisation", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pkce_required", "post_logout_redirect_uris", "redirect_uris", "scopes", "token_endpoint_auth_method", "updated", "userinfo_signed_response_alg") VALUES (NEW."acr_required", NEW."acr_values", NEW."active", NEW."age_minimum", NEW."allowed_idp_hints", NEW."allowed_prompts", NEW."authorization_grant_type", NEW."claims", NEW."client_id", NEW."client_type", NEW."client_uri", NEW."consent_mode", NEW."created", NEW."default_acr", NEW."entity_id", NEW."id", NEW."id_token_signed_response_alg", NEW."identity_consent", NEW."idp_filter", NEW."idp_filter_mode", NEW."is_conformance", NEW."kind", NEW."name", NEW."nonce_policy", NEW."organisation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'secret_replaced\', NEW."id", NEW."pkce_required", NEW."post_logout_redirect_uris", NEW."redirect_uris", NEW."scopes", NEW."token_endpoint_auth_method", NEW."updated", NEW."userinfo_signed_response_alg"); RETURN NULL;', hash='e713f122ee68ddf5e2e91c2ea605feab11979d33', operation='UPDATE', pgid='pgtrigger_secret_replaced_update_a5104', table='service_providers_serviceprovider', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='serviceprovider',
            trigger=pgtrigger.compiler.Trigger(name='deleted_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "service_providers_serviceproviderevent" ("acr_required", "acr_values", "active", "age_minimum", "allowed_idp_hints", "allowed_prompts", "authorization_grant_type", "claims", "client_id", "client_type", "client_uri", "consent_mode", "created", "default_acr", "entity_id", "id", "id_token_signed_response_alg", "identity_consent", "idp_filter", "idp_filter_mode", "is_conformance", "kind", "name", "nonce_policy", "organisation", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "pkce_required", "post_logout_redirect_uris", "redirect_uris", "scopes", "token_endpoint_auth_method", "updated", "userinfo_signed_response_alg") VALUES (OLD."acr_required", OLD."acr_values", OLD."active", OLD."age_minimum", OLD."allowed_idp_hints", OLD."allowed_prompts", OLD."authorization_grant_type", OLD."claims", OLD."client_id", OLD."client_type", OLD."client_uri", OLD."consent_mode", OLD."created", OLD."default_acr", OLD."entity_id", OLD."id", OLD."id_token_signed_response_alg", OLD."identity_consent", OLD."idp_filter", OLD."idp_filter_mode", OLD."is_conformance", OLD."kind", OLD."name", OLD."nonce_policy", OLD."organisation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'deleted\', OLD."id", OLD."pkce_required", OLD."post_logout_redirect_uris", OLD."redirect_uris", OLD."scopes", OLD."token_endpoint_auth_method", OLD."updated", OLD."userinfo_signed_response_alg"); RETURN NULL;', hash='d718757e03d0a594748763fb924fdd860ab959a4', operation='DELETE', pgid='pgtrigger_deleted_delete_39fed', table='service_providers_serviceprovider', when='AFTER')),
        ),
        migrations.AddField(
            model_name='serviceproviderevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.OAUTH2_PROVIDER_APPLICATION_MODEL),
        ),
    ]
