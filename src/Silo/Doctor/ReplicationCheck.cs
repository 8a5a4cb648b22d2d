using KeysCluster.Silo.Storage.PostgreSql;
using Npgsql;

namespace KeysCluster.Silo.Doctor;

/// <summary>Finds settings with which a crash or a failover loses acknowledged changes.</summary>
internal sealed class ReplicationCheck() : PostgresCheck("replication", "operations/failover.md")
{
    private const string Setting = "ConnectionStrings:Keys";

    private const string SettingsSql = """
        SELECT name, setting FROM pg_settings
        WHERE name IN ('synchronous_commit', 'synchronous_standby_names', 'fsync', 'full_page_writes')
        """;

    // A role without pg_read_all_stats sees that there are standbys, but not how they replicate.
    private const string StandbysSql = """
        SELECT count(*), count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')),
               count(*) FILTER (WHERE sync_state IS NULL)
        FROM pg_stat_replication WHERE application_name <> 'pg_basebackup'
        """;

    protected override async Task<IReadOnlyList<Finding>> RunAsync(
        KeysSiloOptions options, PostgresDataSources pools, CancellationToken cancellationToken)
    {
        await using var connection = await pools.Grains.OpenConnectionAsync(cancellationToken);
        var settings = await ReadSettingsAsync(connection, cancellationToken);
        var findings = new List<Finding>();
        if (settings["synchronous_commit"] is ("off" or "local") and var commit)
        {
            findings.Add(Fail(
                $"The connections of silos have synchronous_commit={commit}: acknowledged changes can be lost.",
                Setting, "Remove Options from the connection string, or add -c synchronous_commit=on to it."));
        }

        foreach (var name in (string[])["fsync", "full_page_writes"])
        {
            if (settings[name] != "off") continue;
            findings.Add(Fail(
                $"{name} is off: a crash of the server can damage the database.", "postgresql.conf",
                $"Set {name} = on."));
        }

        CheckTimeouts(findings, new NpgsqlConnectionStringBuilder(pools.Grains.ConnectionString));
        var isSynchronous = settings["synchronous_standby_names"].Length > 0;
        findings.Add(await CheckStandbysAsync(connection, isSynchronous, cancellationToken));
        return findings;
    }

    /// <summary>What <see cref="ReplicationGuard"/> needs to detect a commit that no standby has confirmed.</summary>
    private void CheckTimeouts(List<Finding> findings, NpgsqlConnectionStringBuilder connection)
    {
        if (connection.CommandTimeout == 0)
        {
            findings.Add(Warn(
                "Command Timeout is 0: a change waits without limit for a standby that is lost.", Setting,
                "Remove Command Timeout, whose default is 5 seconds."));
        }
        else if (connection.Timeout == 0 || connection.Timeout >= 0.9 * connection.CommandTimeout)
        {
            findings.Add(Warn(
                "Timeout is not below nine tenths of Command Timeout: changes that waited for a connection fail, "
                + "although they are replicated.",
                Setting,
                "Remove Timeout, whose default is 2 seconds."));
        }
    }

    private async Task<Finding> CheckStandbysAsync(
        NpgsqlConnection connection, bool isSynchronous, CancellationToken cancellationToken)
    {
        const string place = "synchronous_standby_names";
        await using var command = new NpgsqlCommand(StandbysSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (all, synchronous, unknown) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        return (isSynchronous, all, synchronous) switch
        {
            (false, 0, _) => Ok("There is no standby, so there can be no failover."),
            (false, _, _) => Warn(
                $"Standbys replicate asynchronously ({all}): a failover loses acknowledged changes.", place,
                "Set synchronous_standby_names = 'ANY 1 (…)' to two standbys, and promote only those."),
            _ when all > 0 && unknown == all => Ok(
                $"Standbys: {all}. The role may not see how they replicate: GRANT pg_read_all_stats permits it."),
            (true, _, 0) => Fail(
                "No synchronous standby is connected: changes wait for one, and fail with 503.", place,
                "Start the standby, or remove it from synchronous_standby_names."),
            (true, _, 1) => Warn(
                "Only one synchronous standby is connected: without it, every change fails with 503.", place,
                "Add a second standby to synchronous_standby_names."),
            _ => Ok($"Synchronous standbys: {synchronous}."),
        };
    }

    private static async Task<Dictionary<string, string>> ReadSettingsAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(SettingsSql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var settings = new Dictionary<string, string>();
        while (await reader.ReadAsync(cancellationToken)) settings[reader.GetString(0)] = reader.GetString(1);
        return settings;
    }
}
