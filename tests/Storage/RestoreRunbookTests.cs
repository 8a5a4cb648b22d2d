using System.Text.RegularExpressions;
using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>The SQL by which docs/operations/restore.md finds the changes that a restore has lost.</summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed partial class RestoreRunbookTests(PostgresFixture postgres) : IAsyncLifetime
{
    private TestDatabase _database = null!;

    public async Task InitializeAsync()
    {
        _database = new PostgreSqlTestDatabase(await postgres.Server.CreateDatabaseAsync());
        await _database.MigrateAsync();
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task The_runbook_lists_the_lost_events_and_only_those()
    {
        await AppendAsync("vk_kept", 1, "created");
        await AppendAsync("vk_kept", 2, "revoked");
        await AppendAsync("vk_revoked", 1, "created");
        await AppendAsync("vk_disabled", 1, "created");
        await AppendAsync("vk_enabled", 1, "created");
        await AppendAsync("vk_rotated", 1, "created");

        // The first lost event has a lower position than one that was restored: it committed later.
        await AppendAsync("vk_revoked", 2, "revoked", isLost: true);
        await AppendAsync("vk_kept", 3, "replayed");
        await AppendAsync("vk_disabled", 2, "disabled", isLost: true);
        await AppendAsync("vk_enabled", 2, "disabled", isLost: true);
        await AppendAsync("vk_enabled", 3, "enabled", isLost: true);
        await AppendAsync("vk_rotated", 2, "rotated", isLost: true, """
            {"current_secret": {"old": "secret_1", "new": "secret_2"},
             "secrets.secret_1": {"old": {}, "new": {"valid_until": "2026-11-24T10:15:00.000Z"}},
             "secrets.secret_2": {"old": null, "new": {"display_prefix": "vk-lw-live_ABCDEF"}}}
            """);
        await AppendAsync("vk_rotated", 3, "deadline_moved", isLost: true, """
            {"secrets.secret_1": {"old": {"valid_until": "2026-11-24T10:15:00.000Z"},
                                  "new": {"valid_until": "2026-11-23T10:15:00.000Z"}}}
            """);

        // It was expired after its deadline, which is not a change of the deadline.
        await AppendAsync("vk_rotated", 4, "cut", isLost: true, """
            {"secrets.secret_1": {"old": {}, "new": {"is_expired": true}}}
            """);
        await AppendAsync("vk_erased", 1, "created");
        await AppendAsync("vk_erased", 2, "erased", isLost: true, """
            {"secrets.secret_3": {"old": {"valid_until": "2026-11-22T10:15:00.000Z"}, "new": null}}
            """);

        // What restricts a key or project without a list of its own.
        await AppendAsync("vk_narrowed", 1, "updated", isLost: true, """{"permissions": {"old": ["a"], "new": []}}""");
        await AppendAsync("project_a", 1, "api_key_updated", isLost: true);
        await AppendAsync("project_a", 2, "api_key_deleted", isLost: true);
        await AppendAsync("project_a", 3, "archived", isLost: true);

        var results = await RunAsync();

        Assert.Equal(["vk_revoked"], GetColumn(results[0], 0));
        Assert.Equal(["vk_disabled"], GetColumn(results[1], 1));
        Assert.Equal(
            [
                ["virtual-key", "vk_erased", "project_a", "secret_3", null, true],
                ["virtual-key", "vk_rotated", "project_a", "secret_1", "2026-11-23T10:15:00.000Z", false],
            ],
            results[2]);
        Assert.Equal(
            [
                ("project_a", "api_key_updated"), ("project_a", "api_key_deleted"), ("project_a", "archived"),
                ("vk_enabled", "enabled"), ("vk_narrowed", "updated"), ("vk_rotated", "rotated"),
            ],
            results[3].Select(row => ((string)row[1]!, (string)row[3]!)));
    }

    private static IEnumerable<object?> GetColumn(List<object?[]> rows, int column) => rows.Select(row => row[column]);

    /// <summary>Appends an event. A lost one is only in the copy of the damaged database.</summary>
    private async Task AppendAsync(
        string id, int number, string type, bool isLost = false, string? changes = null) =>
        await _database.ExecuteScalarAsync($"""
            INSERT INTO KeysEvent
                (ServiceId, StateName, Id, ProjectId, Number, Revision, Type, Actor, RequestId, Changes, At)
            VALUES
                ('keys', 'virtual-key', '{id}', 'project_a', {number}, {number}, '{type}', 'sk-lw-ABCDEF',
                 '{(isLost ? "lost" : "kept")}', {(changes is null ? "NULL" : $"'{changes}'")},
                 '2026-11-22T10:15:{number:D2}.000Z')
            """);

    /// <summary>Runs the statements of the document, and returns the rows of those that query.</summary>
    private async Task<List<List<object?[]>>> RunAsync()
    {
        var document = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations", "restore.md"));
        var sql = CodeBlock().Matches(document).Single(block => block.Value.Contains("lost_event")).Groups[1].Value;
        sql = CopyCommand().Replace(sql, """
            INSERT INTO saved_keysevent SELECT * FROM keysevent;
            DELETE FROM keysevent WHERE requestid = 'lost';
            """);
        var results = new List<List<object?[]>>();
        const StringSplitOptions options = StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries;
        foreach (var statement in sql.Split(';', options))
        {
            var rows = await _database.QueryRowsAsync(statement);
            if (statement.Contains("FROM lost_event", StringComparison.Ordinal)) results.Add(rows);
        }

        return results;
    }

    [GeneratedRegex("```sql\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^ *\\copy saved_keysevent FROM .*$", RegexOptions.Multiline)]
    private static partial Regex CopyCommand();
}
