using System.Globalization;
using System.Text.RegularExpressions;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>Each filter of a list reads a range of one index, in a project with a million keys.</summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed partial class VirtualKeyFilterPlanTests(PostgresFixture postgres) : StorageTest(postgres)
{
    /// <summary>A page of 50 keys takes a few pages of an index and one or two of the table for each key.</summary>
    private const int MaxBuffers = 500;

    private const string FillSql = """
        INSERT INTO KeysVirtualKey
        SELECT 'keys', 'project_a',
               to_char(timestamp '2026-01-01' + n * interval '1 second', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
               'vk_' || lpad(n::text, 7, '0'), 'key ' || n,
               CASE WHEN n % 1000 = 0 THEN 'disabled' WHEN n % 100 = 0 THEN 'revoked' ELSE 'active' END,
               CASE WHEN n % 500 = 0 THEN 'test' ELSE 'live' END,
               CASE WHEN n % 3 = 0 THEN 'ext_' || n END,
               CASE WHEN n % 2 = 0 THEN 'user_' || n % 5000 END,
               CASE WHEN n % 4 = 0 THEN
                   to_char(timestamp '2027-01-01' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') END
        FROM generate_series(@First + 1, @First + 100000) n
        """;

    private const string FillRetiringSql = """
        INSERT INTO KeysRetiringKey
        SELECT ServiceId, ProjectId, Id,
               to_char(timestamp '2026-06-01' + length(Id) * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        FROM KeysVirtualKey WHERE Id LIKE '%7';
        ANALYZE
        """;

    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Each_filter_reads_a_range_of_one_index()
    {
        for (var first = 0; first < 1_000_000; first += 100_000)
        {
            await Database.ExecuteScalarAsync(
                FillSql.Replace("@First", first.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
        }

        await Database.ExecuteScalarAsync(FillRetiringSql);
        var middle = new IndexPosition(new DateTimeOffset(2026, 1, 6, 0, 0, 0, TimeSpan.Zero), "vk_0432000");

        await AssertRangeAsync(new() { ExternalId = "ext_999" }, after: null, "externalid");
        await AssertRangeAsync(new() { Status = VirtualKeyStatus.Disabled }, after: null, "status");
        await AssertRangeAsync(new() { Status = VirtualKeyStatus.Disabled }, middle, "status");
        await AssertRangeAsync(new() { Environment = VirtualKeyEnvironment.Test }, after: null, "environment");
        await AssertRangeAsync(new() { Environment = VirtualKeyEnvironment.Test }, middle, "environment");
        await AssertRangeAsync(new() { PrincipalUserId = "user_42" }, after: null, "principaluserid");
        await AssertRangeAsync(new() { PrincipalUserId = "user_42" }, middle, "principaluserid");
        await AssertRangeAsync(new() { NamePrefix = "key 77" }, after: null, "name");
        await AssertRangeAsync(new() { NamePrefix = "key 77" }, middle with { SortText = "key 7750" }, "name");
        var expiring = new VirtualKeyFilter { ExpiresBefore = new DateTimeOffset(2028, 6, 1, 0, 0, 0, TimeSpan.Zero) };
        await AssertRangeAsync(expiring, after: null, "expiresat");
        await AssertRangeAsync(expiring, middle with { SortText = "2028-01-01T00:00:00.000Z" }, "expiresat");
        await AssertRangeAsync(new() { HasRetiringSecrets = true }, after: null, "retiringuntil");
        await AssertRangeAsync(
            new() { HasRetiringSecrets = true },
            middle with { SortText = "2026-06-01T10:00:00.000Z" },
            "retiringuntil");
        await AssertRangeAsync(new() { HasRetiringSecrets = false }, after: null, "pkey");
    }

    [GeneratedRegex(@"^\s*Buffers: shared (?:hit=(\d+))?(?: read=(\d+))?", RegexOptions.Multiline)]
    private static partial Regex BuffersPattern { get; }

    private async Task AssertRangeAsync(VirtualKeyFilter filter, IndexPosition? after, string index)
    {
        var query = new VirtualKeyQuery(filter, after, Now);
        await using var command = Database.DataSource.CreateCommand(
            "EXPLAIN (ANALYZE, BUFFERS) " + StateIndex.WithLimit(query.Sql, 51));
        foreach (var (name, value) in query.Parameters.Append(("@ServiceId", "keys"))
            .Append(("@StateName", "virtual-key")).Append(("@Owner", "project_a")))
            command.Parameters.Add(new NpgsqlParameter(name, value));

        var lines = new List<string>();
        await using (var reader = await command.ExecuteReaderAsync())
            while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        var plan = string.Join('\n', lines);

        Assert.Contains(index, plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Seq Scan on keysvirtualkey", plan, StringComparison.Ordinal);
        var buffers = BuffersPattern.Match(plan).Groups.Values.Skip(1)
            .Sum(group => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0);
        Assert.True(buffers <= MaxBuffers, $"{filter} reads {buffers} buffers:\n{plan}");
    }
}
