-- Creates the database roles of KeysCluster, or sets their passwords again. Run it in the database of the cluster, with
-- psql, as a superuser or another role that may create roles, before the first "migrate". It can be run again.
--
--   KEYS_OWNER_PASSWORD=… KEYS_SERVICE_PASSWORD=… KEYS_GATEWAYS_PASSWORD=… psql -d keys -f deploy/postgresql/roles.sql
--
-- keys_owner     owns the tables and functions. Only the command "migrate" uses it (ConnectionStrings:Migrations).
-- keys_service   is for silos. It cannot change or delete events, nor the SQL in OrleansQuery, nor the schema.
-- keys_gateways  is for front ends and validating services. It reads the addresses of silos, and nothing else.
--
-- The migration grants the privileges on tables and functions, so run "migrate" after this script. A login of another
-- name works too: CREATE ROLE name LOGIN PASSWORD '…' IN ROLE keys_service.

\set ON_ERROR_STOP on
\getenv owner_password KEYS_OWNER_PASSWORD
\getenv service_password KEYS_SERVICE_PASSWORD
\getenv gateways_password KEYS_GATEWAYS_PASSWORD

BEGIN;
SET LOCAL password_encryption = 'scram-sha-256';
SET LOCAL client_min_messages = warning;

SELECT format('CREATE ROLE %I', name)
FROM unnest(ARRAY['keys_owner', 'keys_service', 'keys_gateways']) name
WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = name)
\gexec

ALTER ROLE keys_owner LOGIN PASSWORD :'owner_password';
ALTER ROLE keys_service LOGIN PASSWORD :'service_password';
ALTER ROLE keys_gateways LOGIN PASSWORD :'gateways_password';

-- Without TEMPORARY, a role cannot create a table with the name of one of the service. CREATE and USAGE on the schema
-- were given to every role by PostgreSQL 14 and older, and remain in databases that were upgraded from them.
REVOKE ALL ON DATABASE :"DBNAME" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"DBNAME" TO keys_owner, keys_service, keys_gateways;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE, CREATE ON SCHEMA public TO keys_owner;
GRANT USAGE ON SCHEMA public TO keys_service, keys_gateways;

-- A database of an earlier build belongs to the role of its silos. That role becomes a member of keys_owner, so that
-- running silos are not interrupted: revoke the membership when all of them connect as keys_service.
WITH objects (object, owner) AS (
    SELECT format('%s %s', CASE relkind WHEN 'v' THEN 'VIEW' ELSE 'TABLE' END, oid::regclass), relowner
    FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v')
      AND (relname ~ '^(orleans|keys)' OR relname = 'schemaversions')
    UNION ALL
    SELECT format('ROUTINE %s', oid::regprocedure), proowner
    FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace AND proname ~ '^keys_')
SELECT CASE WHEN NOT rolsuper THEN format('GRANT keys_owner TO %I', rolname) END,
       format('ALTER %s OWNER TO keys_owner', object)
FROM objects JOIN pg_roles ON pg_roles.oid = owner
WHERE rolname <> 'keys_owner'
\gexec

COMMIT;
