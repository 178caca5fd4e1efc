#!/bin/sh
# The database and its three roles, once, when PostgreSQL starts on an empty volume.
# The owner migrates; the application's role is bound by row-level security; backups read past it.
set -eu

psql --username "$POSTGRES_USER" --dbname postgres --no-psqlrc --quiet --set ON_ERROR_STOP=1 \
  --set owner_password="$OWNER_PASSWORD" \
  --set app_password="$APP_PASSWORD" \
  --set backup_password="$BACKUP_PASSWORD" <<'SQL'
CREATE ROLE homeward_owner  LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'owner_password';
CREATE ROLE homeward_app    LOGIN NOSUPERUSER NOBYPASSRLS PASSWORD :'app_password';
CREATE ROLE homeward_backup LOGIN NOSUPERUSER BYPASSRLS   PASSWORD :'backup_password';
GRANT pg_read_all_data TO homeward_backup;
-- With locale C, search would find nothing in Arabic.
CREATE DATABASE homeward OWNER homeward_owner
  TEMPLATE template0 ENCODING 'UTF8'
  LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C.UTF-8';
REVOKE CONNECT ON DATABASE homeward FROM PUBLIC;
GRANT CONNECT ON DATABASE homeward TO homeward_app, homeward_backup;
SQL
