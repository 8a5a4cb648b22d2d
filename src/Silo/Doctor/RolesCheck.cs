using KeysCluster.Silo.Storage.PostgreSql;
using Npgsql;

namespace KeysCluster.Silo.Doctor;

/// <summary>Compares the privileges of the role of silos with those that it needs.</summary>
internal sealed class RolesCheck() : PostgresCheck("roles", "operations/database-roles.md")
{
    private const string Setting = "ConnectionStrings:Keys";
    private const string UseServiceRole =
        "Run deploy/postgresql/roles.sql and the command migrate, and connect silos as keys_service.";

    private const string RoleSql = """
        SELECT current_user::text, rolsuper,
               COALESCE((SELECT pg_has_role(relowner, 'USAGE') FROM pg_class
                         WHERE oid = to_regclass('OrleansStorage')), false)
        FROM pg_roles WHERE rolname = current_user
        """;

    // The first part is what the schema script grants, the second what would let a silo hide what it has done.
    private const string PrivilegesSql = """
        WITH privileges (IsNeeded, TableName, Privilege) AS (
            SELECT true, t, 'SELECT' FROM unnest(ARRAY[
                'OrleansQuery', 'KeysOwnerSettings', 'schemaversions', 'KeysListedState', 'KeysStateIndex',
                'KeysVirtualKey', 'KeysRetiringKey', 'KeysNotRetiringKey', 'KeysImportedSecret',
                'KeysProjectUsage', 'KeysEvent']) t
            UNION ALL
            SELECT true, t, p FROM unnest(ARRAY[
                'OrleansStorage', 'OrleansRemindersTable', 'OrleansMembershipTable', 'OrleansMembershipVersionTable',
                'KeysLease', 'KeysWebhookLeader', 'KeysWebhookDelivery', 'KeysWebhookRedelivery']) t,
                unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) p
            UNION ALL
            SELECT true, 'KeysSettings', p FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) p
            UNION ALL
            SELECT false, t, p FROM unnest(ARRAY['KeysEvent', 'OrleansQuery', 'KeysOwnerSettings']) t,
                unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE']) p)
        SELECT IsNeeded, TableName, Privilege FROM privileges
        WHERE to_regclass(TableName) IS NOT NULL AND has_table_privilege(TableName, Privilege) <> IsNeeded
        ORDER BY TableName, Privilege
        """;

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        KeysSiloOptions options, PostgresDataSources pools, CancellationToken cancellationToken)
    {
        await using var connection = await pools.Grains.OpenConnectionAsync(cancellationToken);
        var (role, isSuperuser, isOwner) = await ReadRoleAsync(connection, cancellationToken);
        if (isSuperuser)
        {
            return
            [
                Warn(
                    $"The role {role} is a superuser: whoever controls a silo controls the database server.", Setting,
                    UseServiceRole),
            ];
        }

        if (isOwner)
        {
            return
            [
                Warn(
                    $"The role {role} owns the schema: whoever controls a silo can delete its traces.", Setting,
                    UseServiceRole),
            ];
        }

        var findings = new List<Finding>();
        await using var command = new NpgsqlCommand(PrivilegesSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var (table, privilege) = (reader.GetString(1), reader.GetString(2));
            findings.Add(reader.GetBoolean(0)
                ? Fail(
                    $"The role {role} lacks the privilege {privilege}.", table,
                    "Run the command migrate, which grants it to keys_service, and make the role a member of it.")
                : Warn(
                    $"The role {role} has the privilege {privilege}, with which a silo can hide what it has done.",
                    table, $"Run as the owner of the schema: REVOKE {privilege} ON {table} FROM {role}"));
        }

        if (findings.Count == 0) findings.Add(Ok($"The role {role} has the privileges of a silo, and no more."));
        return findings;
    }

    private static async Task<(string Name, bool IsSuperuser, bool IsOwner)> ReadRoleAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(RoleSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (reader.GetString(0), reader.GetBoolean(1), reader.GetBoolean(2));
    }
}
