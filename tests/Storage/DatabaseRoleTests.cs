using KeysCluster.Hosting;
using KeysCluster.Silo.Storage.Migrations;
using KeysCluster.TestKit;
using KeysCluster.Time;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>What each role of <c>deploy/postgresql/roles.sql</c> may do. The other tests run as the service.</summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed class DatabaseRoleTests(PostgresFixture postgres) : StorageTest(postgres)
{
    private const string StateName = TestKeyState.StateName;

    private static readonly TimeSpan KeepFor = TimeSpan.FromDays(30);

    private readonly PostgresFixture _postgres = postgres;

    private string ConnectionString => ((PostgreSqlTestDatabase)Database).ConnectionString;

    [Theory]
    [InlineData(PostgresRoles.Service, "UPDATE KeysEvent SET Actor = 'nobody'")]
    [InlineData(PostgresRoles.Service, "DELETE FROM KeysEvent")]
    [InlineData(PostgresRoles.Service, "TRUNCATE KeysEvent")]
    [InlineData(PostgresRoles.Service, "INSERT INTO KeysEvent (ServiceId) VALUES ('keys')")]
    [InlineData(PostgresRoles.Service, "UPDATE OrleansQuery SET QueryText = 'SELECT 1'")]
    [InlineData(PostgresRoles.Service, "DELETE FROM OrleansQuery")]
    [InlineData(PostgresRoles.Service, "DELETE FROM KeysStateIndex")]
    [InlineData(PostgresRoles.Service, "UPDATE KeysVirtualKey SET Status = 'active'")]
    [InlineData(PostgresRoles.Service, "UPDATE KeysProjectUsage SET MaxVirtualKeys = -1")]
    [InlineData(PostgresRoles.Service, "DELETE FROM KeysOwnerSettings")]
    [InlineData(PostgresRoles.Service, "DELETE FROM KeysSettings")]
    [InlineData(PostgresRoles.Service, "DELETE FROM schemaversions")]
    [InlineData(PostgresRoles.Service, "TRUNCATE OrleansStorage")]
    [InlineData(PostgresRoles.Service, "ALTER TABLE OrleansStorage DISABLE TRIGGER keys_state_written")]
    [InlineData(PostgresRoles.Service, "DROP FUNCTION keys_state_written() CASCADE")]
    [InlineData(PostgresRoles.Service, "SELECT keys_grant_privileges()")]
    [InlineData(PostgresRoles.Service, "CREATE TABLE public.KeysOther (Id text)")]
    [InlineData(PostgresRoles.Service, "CREATE TEMPORARY TABLE other (Id text)")]
    [InlineData(PostgresRoles.Service, "SET ROLE keys_owner")]
    [InlineData(PostgresRoles.Gateways, "SELECT COUNT(*) FROM OrleansStorage")]
    [InlineData(PostgresRoles.Gateways, "SELECT COUNT(*) FROM KeysListedState")]
    [InlineData(PostgresRoles.Gateways, "SELECT COUNT(*) FROM KeysEvent")]
    [InlineData(PostgresRoles.Gateways, "SELECT COUNT(*) FROM KeysSettings")]
    [InlineData(PostgresRoles.Gateways, "SELECT COUNT(*) FROM KeysLease")]
    [InlineData(PostgresRoles.Gateways, "SELECT COUNT(*) FROM OrleansRemindersTable")]
    [InlineData(PostgresRoles.Gateways, "UPDATE OrleansQuery SET QueryText = 'SELECT 1'")]
    [InlineData(PostgresRoles.Gateways, "DELETE FROM OrleansMembershipTable")]
    [InlineData(PostgresRoles.Gateways, "UPDATE OrleansMembershipVersionTable SET Version = 0")]
    [InlineData(PostgresRoles.Gateways, "SELECT keys_delete_events('keys', '9999', 10)")]
    [InlineData(PostgresRoles.Gateways, "SELECT keys_erase_events('keys', 'project_a', 10)")]
    public async Task A_role_may_do_no_more_than_it_needs(string role, string sql)
    {
        await PostgresRoles.CreateAsync(ConnectionString);
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        var exception = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(role, sql));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, exception.SqlState);
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
    }

    [Theory]
    [InlineData("OrleansQuery")]
    [InlineData("OrleansMembershipTable")]
    [InlineData("OrleansMembershipVersionTable")]
    public async Task A_front_end_may_read_where_the_silos_are(string table) =>
        await ExecuteAsync(PostgresRoles.Gateways, $"SELECT COUNT(*) FROM {table}");

    /// <summary>The trigger runs as the owner, so nothing of the caller may take the place of its tables.</summary>
    [Fact]
    public async Task A_temporary_table_does_not_receive_the_events()
    {
        await using var connection = new NpgsqlConnection(
            PostgresRoles.Connect(ConnectionString, PostgresRoles.Service));
        await connection.OpenAsync();
        await ExecuteAsync(
            connection,
            """
            CREATE TEMPORARY TABLE KeysEvent AS SELECT * FROM public.KeysEvent;
            GRANT ALL ON KeysEvent TO PUBLIC
            """);
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        await ExecuteAsync(connection, "UPDATE OrleansStorage SET Version = Version + 2");

        Assert.Equal(0L, await ExecuteAsync(connection, "SELECT COUNT(*) FROM pg_temp.KeysEvent"));
        Assert.Equal(
            [["create", "project_api_key:pk_1"], ["altered", PostgresRoles.Service]],
            await Database.QueryRowsAsync("SELECT Type, Actor FROM KeysEvent ORDER BY Position"));
    }

    [Fact]
    public async Task The_trigger_function_cannot_be_attached_to_another_table()
    {
        await using var connection = new NpgsqlConnection(
            PostgresRoles.Connect(ConnectionString, PostgresRoles.Service));
        await connection.OpenAsync();
        await ExecuteAsync(connection, "CREATE TEMPORARY TABLE copy AS SELECT * FROM OrleansStorage");

        var exception = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(
            connection,
            "CREATE TRIGGER forge AFTER INSERT ON copy FOR EACH ROW EXECUTE FUNCTION keys_state_written()"));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, exception.SqlState);
    }

    /// <summary>Silos write while the owner migrates.</summary>
    [Fact]
    public async Task A_silo_can_write_as_soon_as_the_schema_was_applied_again()
    {
        await Database.ExecuteScalarAsync(MigrationScripts.PostgreSql[0].Contents);

        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));
    }

    /// <summary>Such as by an administrator.</summary>
    [Fact]
    public async Task A_migration_restores_the_privileges_of_a_function_that_was_replaced()
    {
        await Database.ExecuteScalarAsync("ALTER FUNCTION keys_state_written() SECURITY INVOKER");
        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1")));

        await Database.MigrateAsync();

        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));
    }

    [Fact]
    public async Task A_silo_deletes_no_event_that_is_younger_than_the_owner_permits()
    {
        await SchemaMigrator.UpgradePostgreSqlAsync(ConnectionString, KeepFor, NullLogger.Instance, default);
        var now = (DateTime)(await Database.ExecuteScalarAsync("SELECT clock_timestamp()"))!;
        await InsertEventAsync(now - KeepFor - TimeSpan.FromMinutes(1));
        var young = await InsertEventAsync(now - KeepFor + TimeSpan.FromMinutes(1));

        Assert.Equal(1, await Events.DeleteAsync(DateTimeOffset.MaxValue, 10, default));

        Assert.Equal(young, await Database.ExecuteScalarAsync("SELECT Position::text FROM KeysEvent"));
    }

    [Fact]
    public async Task Only_the_events_of_a_project_that_is_being_erased_can_be_erased()
    {
        await WriteAsync(StateName, "vk_1", TestKeyState.Create("vk_1"));

        Assert.Equal(0, await ExecuteAsync(
            PostgresRoles.Service, "SELECT keys_erase_events('keys', 'project_a', 10)"));
        Assert.Equal(1, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysEvent"));
    }

    [Fact]
    public async Task A_silo_that_may_not_migrate_starts_on_the_current_schema()
    {
        await PrepareAsServiceAsync();
        await AssertUnchangedAsync();
    }

    [Theory]
    [InlineData($"DELETE FROM schemaversions WHERE scriptname = '{MigrationScripts.PostgreSqlSchema}'")]
    [InlineData("DROP INDEX ix_keysevent_at")]
    [InlineData("DELETE FROM KeysSettings WHERE Name = 'virtual_keys_indexed'")]
    // Events of a server that has given out more transaction ids.
    [InlineData("INSERT INTO KeysEvent (Xid, ServiceId, StateName, Id, ProjectId, Revision, Type, Actor, At) "
        + "VALUES ('99999999', 'keys', 'project', 'a', 'a', 1, 'create', 'b', 'c')")]
    [InlineData("REVOKE ALL ON schemaversions FROM keys_service")]
    public async Task A_silo_that_may_not_migrate_refuses_another_schema_until_the_owner_has_migrated(string change)
    {
        await Database.ExecuteScalarAsync(change);

        var exception = await Assert.ThrowsAsync<StartupException>(PrepareAsServiceAsync);
        Assert.Contains("run the command migrate", exception.Message, StringComparison.Ordinal);

        await Database.MigrateAsync();
        await PrepareAsServiceAsync();
    }

    [Fact]
    public async Task A_silo_that_may_not_migrate_refuses_an_empty_database()
    {
        await using var empty = new PostgreSqlTestDatabase(await _postgres.Server.CreateDatabaseAsync());

        var exception = await Assert.ThrowsAsync<StartupException>(() => PrepareAsServiceAsync(empty.ConnectionString));

        Assert.Contains("run the command migrate", exception.Message, StringComparison.Ordinal);
    }

    /// <summary>A small installation has one role, which owns the schema.</summary>
    [Fact]
    public async Task A_silo_that_may_migrate_does()
    {
        await using var empty = new PostgreSqlTestDatabase(await _postgres.Server.CreateDatabaseAsync());

        await SchemaMigrator.PreparePostgreSqlAsync(empty.ConnectionString, KeepFor, NullLogger.Instance, default);

        Assert.Equal("30 days", await empty.ExecuteScalarAsync("SELECT Value FROM KeysOwnerSettings"));
    }

    [Fact]
    public async Task The_owner_migrates_an_empty_database_without_other_privileges()
    {
        await using var empty = new PostgreSqlTestDatabase(await _postgres.Server.CreateDatabaseAsync());
        await PostgresRoles.CreateAsync(empty.ConnectionString);
        await PostgresRoles.CreateAsync(empty.ConnectionString);

        await SchemaMigrator.UpgradePostgreSqlAsync(
            PostgresRoles.Connect(empty.ConnectionString, PostgresRoles.Owner), KeepFor, NullLogger.Instance, default);

        await PrepareAsServiceAsync(empty.ConnectionString);
    }

    /// <summary>Silos of the database continue as the role that owned it until then.</summary>
    [Fact]
    public async Task A_database_of_one_role_is_transferred_to_the_owner_and_remains_usable_by_that_role()
    {
        var database = await _postgres.Server.CreateDatabaseAsync();
        var role = $"keys_{Guid.NewGuid():N}";
        await using var admin = new PostgreSqlTestDatabase(database);
        await admin.ExecuteScalarAsync($"CREATE ROLE {role} LOGIN; GRANT CREATE ON SCHEMA public TO {role}");
        var previous = PostgresRoles.Connect(database, role);
        await SchemaMigrator.PreparePostgreSqlAsync(previous, KeepFor, NullLogger.Instance, default);

        await PostgresRoles.CreateAsync(database);

        Assert.Equal(0, await admin.QueryInt64Async(
            $"""
            SELECT (SELECT COUNT(*) FROM pg_class WHERE relowner = '{role}'::regrole)
                + (SELECT COUNT(*) FROM pg_proc WHERE proowner = '{role}'::regrole)
            """));
        await SchemaMigrator.PreparePostgreSqlAsync(previous, KeepFor, NullLogger.Instance, default);
        await PrepareAsServiceAsync(database);
    }

    private Task PrepareAsServiceAsync() => PrepareAsServiceAsync(ConnectionString);

    private static Task PrepareAsServiceAsync(string connectionString) => SchemaMigrator.PreparePostgreSqlAsync(
        PostgresRoles.Connect(connectionString, PostgresRoles.Service), KeepFor, NullLogger.Instance, default);

    /// <summary>The service has not written the settings of the owner.</summary>
    private async Task AssertUnchangedAsync() =>
        Assert.Equal(0, await Database.QueryInt64Async("SELECT COUNT(*) FROM KeysOwnerSettings"));

    private Task<string> InsertEventAsync(DateTimeOffset at) =>
        new EventRow { At = UtcMillisecondJsonConverter.Format(at) }.InsertAsync(Database);

    private async Task<object?> ExecuteAsync(string role, string sql)
    {
        await using var connection = new NpgsqlConnection(PostgresRoles.Connect(ConnectionString, role));
        await connection.OpenAsync();
        return await ExecuteAsync(connection, sql);
    }

    private static async Task<object?> ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
