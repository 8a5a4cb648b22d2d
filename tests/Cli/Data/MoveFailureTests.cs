using System.Net;
using System.Text.Json;
using KeysCluster.Cli.Errors;
using KeysCluster.Cli.Tests.Services;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace KeysCluster.Cli.Tests.Data;

/// <summary>A move that cannot be made, or is interrupted, loses nothing, and makes no second service.</summary>
[Trait("Speed", "slow")]
[Trait("Requires", "PostgreSQL")]
public sealed class MoveFailureTests(MoveSource source) : IClassFixture<MoveSource>
{
    private const string CountStates = "SELECT count(*) FROM OrleansStorage";
    private const string FindSchema = "SELECT to_regclass('OrleansStorage')::text";

    /// <summary>No message is broken into lines.</summary>
    private const int UnbrokenWidth = 1000;

    [Fact]
    public async Task A_dry_run_changes_nothing()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);

        var result = (await MoveAsync(cli, data, target, "--dry-run", "--json")).Expect(ExitCodes.Success);

        Assert.Equal("checked", result.Json.GetProperty("outcome").GetString());
        Assert.Equal(1, result.Json.GetProperty("states").GetProperty("secrets").GetInt32());
        Assert.Equal(DBNull.Value, await target.ExecuteAsync(FindSchema));
        Assert.False(File.Exists(Path.Combine(data, "moved")));
    }

    [Fact]
    public async Task A_move_asks_first()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        string[] move = ["move", "--data-directory", source.Copy(cli), "--connection-file", target.File];

        var unasked = (await cli.RunAsync(move)).Expect(ExitCodes.Usage);
        cli.IsPersonTyping = true;
        cli.Input.Add("n");
        (await cli.RunAsync(move)).Expect(ExitCodes.Failure);

        Assert.Contains("pass --yes", unasked.Error, StringComparison.Ordinal);
        Assert.Equal(DBNull.Value, await target.ExecuteAsync(FindSchema));
    }

    [Fact]
    public async Task A_person_sees_the_progress_and_the_tables()
    {
        using var cli = new CommandLine { IsPersonTyping = true, Width = 160 };
        cli.Input.Add("y");
        var target = await MoveTarget.CreateAsync(source.Server, cli);

        var result = (await cli.RunAsync(
            "move", "--data-directory", source.Copy(cli), "--connection-file", target.File)).Expect(ExitCodes.Success);

        Assert.Contains("Checking", result.Error, StringComparison.Ordinal);
        Assert.Contains("OrleansStorage", result.Output, StringComparison.Ordinal);
        Assert.Contains("Keys__Pepper", result.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Data_that_a_service_uses_is_not_moved()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        await using var embedded = new EmbeddedService();
        await using var process = await embedded.StartAsync();
        var target = await MoveTarget.CreateAsync(source.Server, cli);

        var result = await MoveAsync(cli, embedded.DataDirectory, target);

        AssertRefused(result, "Another process uses the data directory");
    }

    [Fact]
    public async Task Data_is_not_moved_with_another_pepper()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        await File.WriteAllTextAsync(Path.Combine(data, "pepper"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");

        AssertRefused(await MoveAsync(cli, data, target), "not the one that the database was written with");

        // Without the metadata, the states show that their pepper is missing.
        Execute(data, "DELETE FROM KeysSettings");
        AssertRefused(await MoveAsync(cli, data, target), "depend on peppers that are missing");
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_reported_as_unavailable()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = MoveTarget.Create($"Host=127.0.0.1;Port={FreePort.Next()};Database=keys;Username=a", cli);

        var result = (await MoveAsync(cli, source.Copy(cli), target)).Expect(ExitCodes.Unavailable);

        Assert.Contains("cannot be used", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_migrate_is_refused()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        await target.MigrateAsync();
        await target.ExecuteAsync("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
        var service = MoveTarget.Create(PostgresRoles.Connect(target.ConnectionString, PostgresRoles.Service), cli);

        AssertRefused(await MoveAsync(cli, source.Copy(cli), service), "is not the owner");
    }

    [Fact]
    public async Task A_database_that_has_data_is_not_touched()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        (await MoveAsync(cli, source.Copy(cli), target)).Expect(ExitCodes.Success);
        var before = await target.ExecuteAsync(CountStates);

        AssertRefused(await MoveAsync(cli, source.Copy(cli), target), "is not empty");

        Assert.Equal(before, await target.ExecuteAsync(CountStates));
    }

    [Fact]
    public async Task A_database_that_silos_use_is_not_touched()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var cluster = new ClusterService(target.ConnectionString);
        var data = source.Copy(cli);
        await using (var silo = await cluster.StartSiloAsync())
        {
            AssertRefused(await MoveAsync(cli, data, target), "Silos use the database");
            await silo.StopAsync();
        }

        // It was another cluster, whose silos have another pepper.
        await target.ExecuteAsync("DELETE FROM KeysWebhookLeader");
        AssertRefused(await MoveAsync(cli, data, target), "A silo with another pepper");
    }

    [Fact]
    public async Task A_copy_that_differs_is_removed_again()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var data = source.Copy(cli);
        foreach (var change in (string[])["NEW.Name := 'other'", "NEW.ExternalId := 'other'"])
        {
            var target = await MoveTarget.CreateAsync(source.Server, cli);
            await target.MigrateAsync();
            await target.ExecuteAsync($"""
                CREATE FUNCTION damage() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {change}; RETURN NEW; END $$;
                CREATE TRIGGER damage BEFORE INSERT ON KeysVirtualKey FOR EACH ROW EXECUTE FUNCTION damage();
                """);

            var result = (await MoveAsync(cli, data, target)).Expect(ExitCodes.Failure);

            Assert.Contains("KeysVirtualKey", result.Error, StringComparison.Ordinal);
            Assert.Contains("was removed again", result.Error, StringComparison.Ordinal);
            Assert.Equal(0L, await target.ExecuteAsync(CountStates));
            Assert.False(File.Exists(Path.Combine(data, "moved")));
        }
    }

    [Fact]
    public async Task An_index_that_does_not_follow_from_the_states_is_found()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        Execute(data, "UPDATE KeysVirtualKey SET ExternalId = 'taken'");

        var result = (await MoveAsync(cli, data, target)).Expect(ExitCodes.Failure);

        Assert.Contains("do not follow from the states", result.Error, StringComparison.Ordinal);
        Assert.Equal(0L, await target.ExecuteAsync(CountStates));
    }

    [Fact]
    public async Task An_altered_state_is_named_and_stays_refused()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        Execute(data, """
            UPDATE OrleansStorage
            SET PayloadBinary = CAST(replace(CAST(PayloadBinary AS TEXT), 'checkout', 'check\u0000out') AS BLOB),
                Version = Version + 1
            WHERE GrainTypeString = 'virtual-key'
            """);

        var result = (await MoveAsync(
            cli, data, target, "--json", "--secrets-directory", cli.GetPath("secrets"))).Expect(ExitCodes.Success);

        Assert.Equal(source.KeyId, result.Json.GetProperty("states").GetProperty("altered")[0].GetString());

        // PostgreSQL cannot store the character in a text.
        Assert.Equal("check\ufffdout", await target.ExecuteAsync("SELECT Name FROM KeysVirtualKey"));
        await using var silo = await target.StartSiloAsync(cli.GetPath("secrets"));
        using var client = silo.CreateClient(source.ApiKey);
        var verdict = await client.SendVerifyAsync(source.Secret);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, verdict.Status);
    }

    [Fact]
    public async Task The_cluster_may_have_another_service_id()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);

        (await MoveAsync(
            cli, source.Copy(cli), target, "--service-id", "shop", "--secrets-directory", cli.GetPath("secrets")))
            .Expect(ExitCodes.Success);

        await using var silo = await target.StartSiloAsync(cli.GetPath("secrets"), "shop");
        using var client = silo.CreateClient(source.ApiKey);
        Assert.Equal("active", await client.VerifyAsync(source.Secret));
    }

    [Fact]
    public async Task A_move_that_is_killed_before_its_commit_leaves_nothing_and_can_be_repeated()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        await target.MigrateAsync();

        // The settings are copied last.
        await target.ExecuteAsync("""
            CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN PERFORM pg_sleep(600); RETURN NEW; END $$;
            CREATE TRIGGER wait BEFORE INSERT ON KeysSettings FOR EACH ROW EXECUTE FUNCTION wait();
            """);
        using (var process = KeysProcess.Start(
            new Dictionary<string, string>(),
            "move", "--data-directory", data, "--connection-file", target.File, "--yes"))
        {
            const string sleeping =
                "FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
            await Wait.UntilAsync(
                async () => (long)(await target.ExecuteAsync($"SELECT count(*) {sleeping}"))! == 1);
            process.Kill();
            await process.WaitForExitAsync();
            await target.ExecuteAsync($"SELECT pg_terminate_backend(pid, 10000) {sleeping}");
        }

        Assert.Equal(0L, await target.ExecuteAsync(CountStates));
        Assert.Equal(0L, await target.ExecuteAsync("SELECT count(*) FROM KeysEvent"));
        await target.ExecuteAsync("DROP TRIGGER wait ON KeysSettings");
        (await MoveAsync(cli, data, target)).Expect(ExitCodes.Success);
        Assert.Equal(2L, await target.ExecuteAsync(CountStates));
        Assert.Equal("O", await target.ExecuteAsync(
            "SELECT tgenabled::text FROM pg_trigger WHERE tgname = 'keys_state_written'"));
    }

    [Fact]
    public async Task A_move_that_is_killed_around_its_commit_is_completed_by_the_next_one()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        (await MoveAsync(cli, data, target)).Expect(ExitCodes.Success);

        // After the commit, and before the command has noted it.
        var mark = await File.ReadAllTextAsync(Path.Combine(data, "moved"));
        var incomplete = mark.Replace("\"IsComplete\":true", "\"IsComplete\":false", StringComparison.Ordinal);
        Assert.NotEqual(mark, incomplete);
        await File.WriteAllTextAsync(Path.Combine(data, "moved"), incomplete);
        var settings = new Dictionary<string, string> { ["Keys:DataDirectory"] = data };
        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", settings);
        Assert.Equal(1, exitCode);
        Assert.Contains("was interrupted, and may be complete", output, StringComparison.Ordinal);
        var other = await MoveTarget.CreateAsync(source.Server, cli);
        AssertRefused(await MoveAsync(cli, data, other), "was interrupted");
        AssertOutcome("already_moved", await MoveAsync(cli, data, target, "--json"));
        Assert.Equal(mark, await File.ReadAllTextAsync(Path.Combine(data, "moved")));

        // Before the commit, and after the note that it begins.
        var second = source.Copy(cli);
        var name = JsonDocument.Parse(mark).RootElement.GetProperty("Database").GetString()!;
        var otherName = new NpgsqlConnectionStringBuilder(other.ConnectionString).Database;
        await File.WriteAllTextAsync(
            Path.Combine(second, "moved"),
            incomplete.Replace(name, $"{name[..name.IndexOf('/', StringComparison.Ordinal)]}/{otherName}",
                StringComparison.Ordinal));
        AssertOutcome("moved", await MoveAsync(cli, second, other, "--json"));
    }

    [Fact]
    public async Task Data_that_was_moved_is_not_moved_to_a_second_database()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        (await MoveAsync(cli, data, target)).Expect(ExitCodes.Success);

        AssertRefused(
            await MoveAsync(cli, data, await MoveTarget.CreateAsync(source.Server, cli)), "The data was moved to");
    }

    [Fact]
    public async Task A_file_that_others_can_read_is_not_used()
    {
        if (OperatingSystem.IsWindows()) return;
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        File.SetUnixFileMode(target.File, UnixFileMode.UserRead | UnixFileMode.OtherRead);

        var result = (await MoveAsync(cli, source.Copy(cli), target)).Expect(ExitCodes.Usage);

        Assert.Contains("chmod", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_missing_or_invalid_is_named()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        string[] connect = ["--connection-file", target.File];

        (await cli.RunAsync("move", "--yes", "--data-directory", data, "--connection-file", cli.GetPath("none")))
            .Expect(ExitCodes.Usage);
        (await cli.RunAsync(
            ["move", "--yes", "--data-directory", data, .. connect, "--settings-directory", cli.GetPath("none")]))
            .Expect(ExitCodes.Usage);
        AssertRefused(await cli.RunAsync("move", "--yes", "--data-directory", data), "ConnectionStrings:Migrations");
        AssertRefused(await MoveAsync(cli, cli.GetPath("none"), target), "There is no keys.db");
        AssertRefused(await MoveAsync(cli, data, target, "--service-id", new string('a', 151)), "1 to 150 characters");

        Directory.CreateDirectory(cli.GetPath("secrets"));
        await File.WriteAllTextAsync(Path.Combine(cli.GetPath("secrets"), "Keys__Pepper"), "another");
        AssertRefused(
            await MoveAsync(cli, data, target, "--secrets-directory", cli.GetPath("secrets")), "has another value");

        await File.WriteAllTextAsync(Path.Combine(data, "moved"), "{");
        AssertRefused(await MoveAsync(cli, data, target), "is damaged");
        File.Delete(Path.Combine(data, "moved"));

        Execute(data, "CREATE TABLE KeysNew (Id INTEGER)");
        AssertRefused(await MoveAsync(cli, data, target), "that of another build");
        Execute(data, "DROP TABLE KeysNew; DELETE FROM SchemaVersions");
        AssertRefused(await MoveAsync(cli, data, target), "that of another build");
        Execute(data, "DROP TABLE SchemaVersions");
        AssertRefused(await MoveAsync(cli, data, target), "not a database of this service");
        await File.WriteAllBytesAsync(Path.Combine(data, "keys.db"), new byte[8192]);
        (await MoveAsync(cli, data, target)).Expect(ExitCodes.Failure);

        Assert.Equal(DBNull.Value, await target.ExecuteAsync(FindSchema));
    }

    [Fact]
    public async Task Settings_that_are_not_in_the_data_directory_are_read_from_their_folder()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        var settings = cli.GetPath("settings");
        Directory.CreateDirectory(settings);
        File.Move(Path.Combine(data, "pepper"), Path.Combine(settings, "Keys__Pepper"));
        AssertRefused(await MoveAsync(cli, data, target), "Keys:Pepper is missing");
        await File.WriteAllTextAsync(
            Path.Combine(settings, "Keys__Peppers__next"), "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        await File.WriteAllTextAsync(Path.Combine(settings, "Keys__CurrentPepper"), "default");

        (await MoveAsync(
            cli, data, target, "--settings-directory", settings, "--secrets-directory", cli.GetPath("secrets")))
            .Expect(ExitCodes.Success);

        Assert.Equal(
            ["Keys__AdminKeys__default", "Keys__CurrentPepper", "Keys__Pepper", "Keys__Peppers__next"],
            Directory.GetFiles(cli.GetPath("secrets")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        await using var silo = await target.StartSiloAsync(cli.GetPath("secrets"));
        using var client = silo.CreateClient(source.ApiKey);
        Assert.Equal("active", await client.VerifyAsync(source.Secret));
    }

    [Fact]
    public async Task Data_of_several_services_is_refused()
    {
        using var cli = new CommandLine { Width = UnbrokenWidth };
        var target = await MoveTarget.CreateAsync(source.Server, cli);
        var data = source.Copy(cli);
        Execute(data, "UPDATE KeysEvent SET ServiceId = 'other' WHERE Position = 1");

        AssertRefused(await MoveAsync(cli, data, target), "several services");
    }

    private static Task<CommandResult> MoveAsync(
        CommandLine cli, string data, MoveTarget target, params string[] options) =>
        cli.RunAsync(["move", "--data-directory", data, "--connection-file", target.File, "--yes", .. options]);

    private static void AssertRefused(CommandResult result, string message)
    {
        result.Expect(ExitCodes.Refused);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
    }

    private static void AssertOutcome(string outcome, CommandResult result) =>
        Assert.Equal(outcome, result.Expect(ExitCodes.Success).Json.GetProperty("outcome").GetString());

    private static void Execute(string data, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(data, "keys.db")};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
