using System.Runtime.Versioning;
using System.Security.Cryptography;
using KeysCluster.TestKit;
using Npgsql;
using static KeysCluster.EndToEnd.Tests.Doctor.DoctorFinding;

namespace KeysCluster.EndToEnd.Tests.Doctor;

/// <summary>The command <c>doctor</c> finds each fault of a cluster, names its cure, and finds nothing else.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class ClusterDoctorTests(DoctorCluster cluster) : IClassFixture<DoctorCluster>
{
    private static string NewPepper => Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    [Fact]
    public async Task A_cluster_without_a_fault_has_no_finding_while_a_silo_runs_and_a_hung_silo_is_found()
    {
        var database = await cluster.CopyAsync();
        var settings = cluster.CreateSettings(database);
        AssertHealthy(await RunAsync(settings));
        await using var silo = await ServiceProcess.StartAsync("Silo", settings);

        var result = await RunAsync(settings);
        AssertHealthy(result);
        Assert.Contains(result.Findings, finding =>
            finding is { Check: "events", Message: var message }
            && message.StartsWith("Events read: ", StringComparison.Ordinal));
        silo.Pause();
        var hung = await RunAsync(settings);
        silo.Resume();

        AssertFound(hung, "error", "leases", "does not renew its lease", "restart it if it hangs");
    }

    [Theory]
    [InlineData("Cluster:LeaseDuration", "02:00:00", "error", "Cluster:LeaseDuration must be", "Correct the setting")]
    [InlineData("Api:RequestsPerSecond", "0", "error", "Api:RequestsPerSecond must be", "Correct the setting")]
    [InlineData("Keys:AdminKey", "short", "error", "Keys:AdminKey is too short", "Correct the setting")]
    [InlineData("Cluster:SiloPort", "many", "error", "Cluster:SiloPort", "Correct the setting")]
    [InlineData("Keys:CacheByte", "1048576", "warning", "Nothing reads the setting Keys:CacheByte", "Keys:CacheBytes")]
    public async Task A_setting_that_is_invalid_or_unknown_is_found(
        string key, string value, string severity, string message, string cure)
    {
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        settings[key] = value;

        AssertFound(await RunAsync(settings), severity, "settings", message, cure);
    }

    [Fact]
    public async Task A_secret_that_others_can_read_is_found_and_all_other_checks_run()
    {
        var folder = Directory.CreateTempSubdirectory("keys-doctor-").FullName;
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        var file = Path.Combine(folder, "Keys__Pepper");
        SecretFiles.Write(file, settings["Keys:Pepper"]);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        settings.Remove("Keys:Pepper");
        settings["Hosting:SecretsDirectory"] = folder;

        var result = await RunAsync(settings);

        AssertFound(result, "error", "files", "Other users can access", $"chmod 640 '{file}'");
        Assert.Single(result.Findings, finding => finding.IsProblem);
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData("silo", -1, "error", "expired at", "Issue a new certificate")]
    [InlineData("silo", 0.4, "warning", "expires at", "Issue a new certificate")]
    [InlineData("front-end", 300, "error", "does not name the role of a silo, but FrontEnd", "urn:keyscluster:silo")]
    [InlineData(null, 300, "error", "does not name the role of a silo, but none", "urn:keyscluster:silo")]
    public async Task A_certificate_that_others_refuse_or_that_expires_is_found(
        string? role, double days, string severity, string message, string cure)
    {
        using var authority = new TestCertificateAuthority();
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        (settings["Cluster:Tls:Certificate"], settings["Cluster:Tls:Key"]) =
            authority.Issue(role, TimeSpan.FromDays(days));
        settings["Cluster:Tls:CertificateAuthority"] = authority.RootFile;

        AssertFound(await RunAsync(settings), severity, "certificates", message, cure);
    }

    [Fact]
    public async Task A_certificate_of_another_authority_or_key_is_found()
    {
        using var authority = new TestCertificateAuthority();
        using var other = new TestCertificateAuthority();
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        (settings["Cluster:Tls:Certificate"], settings["Cluster:Tls:Key"]) =
            other.Issue("silo", TimeSpan.FromDays(300));
        settings["Cluster:Tls:CertificateAuthority"] = authority.RootFile;
        (settings["Api:Tls:Certificate"], _) = authority.Issue("silo", name: "api");
        settings["Api:Tls:Key"] = settings["Cluster:Tls:Key"];

        var result = await RunAsync(settings);

        AssertFound(result, "error", "certificates", "has not issued the certificate", "CertificateAuthority");
        AssertFound(result, "error", "certificates", "The files of Api:Tls cannot be used", "Replace them");
    }

    [Fact]
    public async Task A_chain_that_is_interrupted_and_a_certificate_that_is_not_valid_yet_are_found()
    {
        using var authority = new TestCertificateAuthority();
        using var clock = new FakeClock(TimeSpan.FromDays(-10));
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        (settings["Api:Tls:Certificate"], settings["Api:Tls:Key"]) = authority.Issue("silo", name: "api");
        var (other, _) = authority.Issue("front-end");
        await File.AppendAllTextAsync(
            settings["Api:Tls:Certificate"], "\n" + await File.ReadAllTextAsync(other));

        var result = await RunAsync(settings, clock.Environment);

        AssertFound(result, "error", "certificates", "The chain is interrupted", "in their order");
        AssertFound(result, "error", "certificates", "CN=silo is not valid before", "Synchronize the clock");
    }

    [Theory]
    [InlineData("Port=1", "Nothing answers at 127.0.0.1:1", "start PostgreSQL")]
    [InlineData("Database=none", "There is no database none", "roles.sql")]
    [InlineData("Username=nobody", "refuses the login of nobody", "pg_hba.conf")]
    public async Task A_database_that_cannot_be_reached_is_found_with_the_reason(
        string fault, string message, string cure)
    {
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        settings["ConnectionStrings:Keys"] += $";{fault}";

        var result = await RunAsync(settings);

        AssertFound(result, "error", "database", message, cure);
        Assert.Contains(result.Findings, finding => finding is { Check: "leases", Severity: "skipped" });
    }

    [Fact]
    public async Task A_silo_that_connects_as_a_superuser_or_owner_is_found()
    {
        var database = await cluster.CopyAsync();
        var settings = cluster.CreateSettings(database);

        settings["ConnectionStrings:Keys"] = database;
        AssertFound(await RunAsync(settings), "warning", "roles", "is a superuser", "roles.sql");
        settings["ConnectionStrings:Keys"] = PostgresRoles.Connect(database, PostgresRoles.Owner);
        AssertFound(await RunAsync(settings), "warning", "roles", "owns the schema", "roles.sql");
    }

    [Theory]
    [InlineData("Options=-c synchronous_commit=off", "error", "replication", "synchronous_commit=off",
        "Remove Options")]
    [InlineData("Timeout=5;Command Timeout=5", "warning", "replication", "Timeout is not below", "Remove Timeout")]
    [InlineData("Command Timeout=0", "warning", "replication", "Command Timeout is 0", "Remove Command Timeout")]
    [InlineData("Maximum Pool Size=100", "error", "pools", "the database accepts 297",
        "Increase max_connections by 903")]
    [InlineData("Maximum Pool Size=30", "warning", "pools", "too few for one more", "Maximum Pool Size")]
    public async Task A_connection_string_with_which_changes_are_lost_or_fail_is_found(
        string fault, string severity, string check, string message, string cure)
    {
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        settings["ConnectionStrings:Keys"] += $";{fault}";

        AssertFound(await RunAsync(settings), severity, check, message, cure);
    }

    [Theory]
    [InlineData("GRANT DELETE ON KeysEvent TO keys_service", "warning", "roles", "has the privilege DELETE",
        "REVOKE DELETE ON KeysEvent FROM keys_service")]
    [InlineData("REVOKE INSERT ON KeysWebhookDelivery FROM keys_service", "error", "roles",
        "lacks the privilege INSERT", "Run the command migrate")]
    [InlineData("DROP INDEX ix_keysevent_at", "error", "schema", "The index ix_keysevent_at is missing",
        "Run the command migrate")]
    [InlineData("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_keysevent_at'::regclass", "error",
        "schema", "The index ix_keysevent_at is invalid", "Run the command migrate")]
    [InlineData("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_keysevent_id'::regclass", "error",
        "schema", "The index ix_keysevent_id is invalid", "REINDEX INDEX CONCURRENTLY ix_keysevent_id")]
    [InlineData("DELETE FROM schemaversions WHERE scriptname LIKE '0011%'", "error", "schema",
        "The script 0011_schema.sql is not applied", "Run the command migrate")]
    [InlineData("UPDATE KeysSettings SET Value = 'other'", "error", "peppers", "written with other peppers only",
        "Restore the pepper")]
    [InlineData("""
        INSERT INTO KeysLease (Id, ServiceId, Holder, Duration, Applied, Timeline)
        VALUES (gen_random_uuid(), 'keys', '10.0.0.9:11111@5', '1 second', pg_current_snapshot(), '00000001')
        """, "warning", "leases", "has left a lease", "the next revoke removes the lease")]
    [InlineData("""
        INSERT INTO OrleansRemindersTable
        VALUES ('keys', 'vk/vk_1', 'erase-ended-secrets', now() - interval '1 hour', 60000, 1, 0)
        """, "error", "erasures", "Erasures are overdue: 1", "Start a silo")]
    [InlineData("UPDATE OrleansStorage SET Version = Version + 2 WHERE GrainTypeString = 'virtual-key'", "error",
        "events", "changed or deleted outside the service", "Treat it as an intrusion")]
    [InlineData("DELETE FROM KeysEvent WHERE StateName = 'virtual-key' AND Number = 3", "error", "events",
        "Numbers of events are missing", "Treat it as an intrusion")]
    [InlineData("UPDATE KeysEvent SET Number = Number + 1 WHERE StateName = 'virtual-key' AND Number < 5", "error",
        "events", "Numbers of events repeat", "Treat it as an intrusion")]
    [InlineData("UPDATE KeysEvent SET Revision = 9 WHERE StateName = 'virtual-key' AND Number = 3", "error", "events",
        "Revisions decrease", "Treat it as an intrusion")]
    [InlineData("DELETE FROM KeysEvent WHERE StateName = 'virtual-key' AND Number = 5", "error", "events",
        "The last event of states is missing", "Treat it as an intrusion")]
    [InlineData("""
        UPDATE KeysWebhookDelivery SET Status = 0, FailingSince = '2026-01-01T00:00:00.000Z'
        """, "warning", "webhooks", "accepts nothing since 2026-01-01", "within three days")]
    [InlineData("""
        UPDATE KeysWebhookDelivery SET Status = 0, CreatedAt = '2026-01-01T00:00:00.000Z'
        """, "warning", "webhooks", "No silo sends what waits", "Start a silo")]
    [InlineData("""
        SET session_replication_role = replica;
        UPDATE OrleansStorage
        SET PayloadBinary = convert_to(jsonb_set(convert_from(PayloadBinary, 'UTF8')::jsonb, '{webhooks,0}',
            convert_from(PayloadBinary, 'UTF8')::jsonb #> '{webhooks,0}'
            || '{"disabled_at": "2026-01-01T00:00:00.000Z", "disabled_reason": "failing"}')::text, 'UTF8')
        WHERE GrainTypeString = 'project'
        """, "warning", "webhooks", "is disabled since 2026-01-01", "enable the webhook")]
    [InlineData("""
        SET session_replication_role = replica;
        UPDATE OrleansStorage SET PayloadBinary = '{' WHERE GrainTypeString = 'virtual-key'
        """, "error", "peppers", "States that cannot be read: 1", "Remove no pepper")]
    [InlineData("""
        INSERT INTO KeysLease (Id, ServiceId, Holder, Duration, Applied, Timeline)
        VALUES (gen_random_uuid(), 'keys', 'client sys.client/1', '1 second', pg_current_snapshot(), '00000001')
        """, "warning", "leases", "The client sys.client/1 does not renew", "Look at this front end")]
    [InlineData("""
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I CONNECTION LIMIT 0', current_database()); END $$
        """, "error", "database", "accepts no further connection", "Increase max_connections")]
    public async Task A_fault_in_the_database_is_found_and_no_other(
        string fault, string severity, string check, string message, string cure)
    {
        var database = await cluster.CopyAsync();
        await DoctorCluster.ExecuteAsync(database, fault);

        var result = await RunAsync(cluster.CreateSettings(database));

        AssertFound(result, severity, check, message, cure);
        Assert.Single(result.Findings, finding => finding.IsProblem);
    }

    [Fact]
    public async Task A_database_without_a_schema_is_found_and_the_checks_that_need_one_are_skipped()
    {
        var database = await cluster.Server.CreateDatabaseAsync();

        var result = await RunAsync(cluster.CreateSettings(database));

        AssertFound(result, "error", "schema", "The database has no schema", "Run the command migrate");
        Assert.Single(result.Findings, finding => finding.IsProblem);
        Assert.Contains(result.Findings, finding => finding is { Check: "events", Severity: "skipped" });
    }

    [Fact]
    public async Task A_role_that_may_not_read_is_found_by_each_check_that_needs_it()
    {
        var database = await cluster.CopyAsync();
        await DoctorCluster.ExecuteAsync(database, "REVOKE SELECT ON KeysEvent FROM keys_service");

        var result = await RunAsync(cluster.CreateSettings(database));

        AssertFound(result, "error", "roles", "lacks the privilege SELECT", "Run the command migrate");
        AssertFound(result, "error", "events", "may not read what this check needs", "Run the command migrate");
    }

    [Fact]
    public async Task A_replication_with_which_a_failover_loses_changes_or_blocks_them_is_found()
    {
        var database = await cluster.CopyAsync();
        var settings = cluster.CreateSettings(database);
        await SetAsync("synchronous_standby_names", "standby");
        AssertFound(
            await RunAsync(settings), "error", "replication", "No synchronous standby", "Start the standby");
        await SetAsync("synchronous_standby_names", "");
        await SetAsync("full_page_writes", "off");
        AssertFound(
            await RunAsync(settings), "error", "replication", "full_page_writes is off", "Set full_page_writes = on");
        await SetAsync("full_page_writes", "on");

        await using var standby = await cluster.Server.CreateStandbyAsync();
        AssertFound(
            await RunAsync(settings), "warning", "replication", "Standbys replicate asynchronously (1)", "ANY 1");
        await SetAsync("synchronous_standby_names", "standby");
        AssertHealthy(await RunAsync(settings));
        await DoctorCluster.ExecuteAsync(database, "GRANT pg_read_all_stats TO keys_service");
        AssertFound(
            await RunAsync(settings), "warning", "replication", "Only one synchronous standby", "Add a second standby");
        await DoctorCluster.ExecuteAsync(database, "REVOKE pg_read_all_stats FROM keys_service");
        settings["ConnectionStrings:Keys"] += $";Port={standby.Port}";
        AssertFound(await RunAsync(settings), "error", "database", "is a standby", "Set Host to the primary");
        await SetAsync("synchronous_standby_names", "");
    }

    [Fact]
    public async Task A_clock_that_differs_from_that_of_the_database_is_found()
    {
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        using var clock = new FakeClock(TimeSpan.FromSeconds(5));

        var result = await RunAsync(settings, clock.Environment);

        AssertFound(result, "error", "clock", "more than Cluster:MaxClockOffset", "Synchronize");
    }

    [Fact]
    public async Task A_missing_and_an_unused_pepper_are_found()
    {
        var settings = cluster.CreateSettings(await cluster.CopyAsync());
        settings["Keys:Peppers:next"] = NewPepper;
        settings["Keys:CurrentPepper"] = "default";
        AssertFound(
            await RunAsync(settings), "warning", "peppers", "Nothing depends on the pepper next", "Remove it");

        settings.Remove("Keys:Pepper");
        settings.Remove("Keys:CurrentPepper");
        var result = await RunAsync(settings);

        AssertFound(result, "error", "peppers", "depend on peppers that are missing", "Configure these peppers");
        Assert.DoesNotContain(result.Findings, finding =>
            finding.ToString().Contains(settings["Keys:Peppers:next"], StringComparison.Ordinal));
    }

    /// <summary>Sets a parameter of the server, and waits until it applies.</summary>
    private async Task SetAsync(string parameter, string value)
    {
        var server = cluster.Server.GetConnectionString("postgres");
        await DoctorCluster.ExecuteAsync(server, $"ALTER SYSTEM SET {parameter} = '{value}'");
        await DoctorCluster.ExecuteAsync(server, "SELECT pg_reload_conf()");
        await Wait.UntilAsync(async () =>
        {
            await using var connection = new NpgsqlConnection(server);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand($"SHOW {parameter}", connection);
            return (string?)await command.ExecuteScalarAsync() == value;
        });
    }
}
