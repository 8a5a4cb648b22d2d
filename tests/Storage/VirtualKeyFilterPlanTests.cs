using System.Globalization;
using System.Text.RegularExpressions;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;
using Npgsql;

namespace KeysCluster.Storage.Tests;

/// <summary>
/// Each filter of a list reads a range of one index, in a project with a million keys. With several filters, one
/// selects the range.
/// </summary>
[Collection(SharedPostgres.Name), Trait("Requires", "PostgreSQL")]
public sealed partial class VirtualKeyFilterPlanTests(PostgresFixture postgres) : StorageTest(postgres)
{
    /// <summary>A page of 50 keys takes a few pages of an index and one or two of the table for each key.</summary>
    private const int MaxBuffers = 500;

    /// <summary>A second filter is compared for each of the thousands of keys that the first one leaves.</summary>
    private const int MaxComparedBuffers = 12_000;

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

    private const string FillNotRetiringSql = """
        INSERT INTO KeysNotRetiringKey SELECT ServiceId, ProjectId, CreatedAt, Id FROM KeysVirtualKey
        """;

    // Half of the keys of a digit are in both tables, as after an upgrade.
    private const string FillRetiringSql = """
        DELETE FROM KeysNotRetiringKey WHERE Id LIKE '%@Digit' AND Id NOT LIKE '%1_@Digit';
        INSERT INTO KeysRetiringKey
        SELECT ServiceId, ProjectId, Id,
               to_char(timestamp '2026-06-01' + length(Id) * interval '1 hour', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')
        FROM KeysVirtualKey WHERE Id LIKE '%@Digit'
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

        await Database.ExecuteScalarAsync(FillNotRetiringSql);
        await FillRetiringAsync("7");
        var middle = new IndexPosition(new DateTimeOffset(2026, 1, 6, 0, 0, 0, TimeSpan.Zero), "vk_0432000");

        await AssertRangeAsync(new() { ExternalId = "ext_999" }, after: null, "ix_keysvirtualkey_externalid");
        foreach (var after in new[] { (IndexPosition?)null, middle })
        {
            await AssertRangeAsync(new() { Status = VirtualKeyStatus.Disabled }, after, "ix_keysvirtualkey_status");
            await AssertRangeAsync(
                new() { Environment = VirtualKeyEnvironment.Test }, after, "ix_keysvirtualkey_environment");
            await AssertRangeAsync(
                new() { PrincipalUserId = "user_42" }, after, "ix_keysvirtualkey_principaluserid");

            // What most keys have selects them from all keys as well.
            await AssertRangeAsync(
                new() { Status = VirtualKeyStatus.Active }, after, "ix_keysvirtualkey_(status|createdat)");
            await AssertRangeAsync(
                new() { Environment = VirtualKeyEnvironment.Live }, after, "ix_keysvirtualkey_(environment|createdat)");
            await AssertNotRetiringRangesAsync(after);
        }

        foreach (var sortText in new[] { null, "key 7750" })
            await AssertRangeAsync(new() { NamePrefix = "key 77" }, After(sortText), "ix_keysvirtualkey_name");
        var expiring = new VirtualKeyFilter { ExpiresBefore = new DateTimeOffset(2028, 6, 1, 0, 0, 0, TimeSpan.Zero) };
        foreach (var sortText in new[] { null, "2028-01-01T00:00:00.000Z" })
            await AssertRangeAsync(expiring, After(sortText), "ix_keysvirtualkey_expiresat");
        foreach (var sortText in new[] { null, "2026-06-01T10:00:00.000Z" })
        {
            await AssertRangeAsync(
                new() { HasRetiringSecrets = true }, After(sortText), "ix_keysretiringkey_retiringuntil");
        }

        // The filter that leaves fewer keys selects the range; the other one is compared for each of them.
        const string nameOrStatus = "ix_keysvirtualkey_(name|status)";
        var named = new VirtualKeyFilter { NamePrefix = "key 77" };
        await AssertRangeAsync(
            named with { Status = VirtualKeyStatus.Disabled }, after: null, nameOrStatus, MaxComparedBuffers);
        await AssertRangeAsync(
            named with { Status = VirtualKeyStatus.Revoked }, after: null, nameOrStatus, MaxComparedBuffers);

        // The secrets of half of the keys are retiring, then those of all keys.
        foreach (var digits in new[] { "0123", "45689" })
        {
            await FillRetiringAsync(digits);
            foreach (var after in new[] { (IndexPosition?)null, middle }) await AssertNotRetiringRangesAsync(after);
        }

        foreach (var after in new[] { (IndexPosition?)null, middle })
        {
            await AssertRangeAsync(
                new() { HasRetiringSecrets = false, Status = VirtualKeyStatus.Disabled },
                after,
                "ix_keysvirtualkey_status",
                MaxComparedBuffers);
        }

        // The deadlines of a hundred keys have passed, but their secrets have not been erased.
        await Database.ExecuteScalarAsync(
            "UPDATE KeysRetiringKey SET RetiringUntil = '2026-04-30T23:59:00.000Z' WHERE Id LIKE '%0000'");
        foreach (var after in new[] { (IndexPosition?)null, middle }) await AssertNotRetiringRangesAsync(after);

        IndexPosition? After(string? sortText) => sortText is null ? null : middle with { SortText = sortText };
    }

    [GeneratedRegex(@"^\s*Buffers: shared (?:hit=(\d+))?(?: read=(\d+))?", RegexOptions.Multiline)]
    private static partial Regex BuffersPattern { get; }

    /// <summary>Gives retiring secrets to the keys whose ids end with one of the digits.</summary>
    private async Task FillRetiringAsync(string digits)
    {
        foreach (var digit in digits)
        {
            await Database.ExecuteScalarAsync(
                FillRetiringSql.Replace("@Digit", digit.ToString(), StringComparison.Ordinal));
        }

        await Database.ExecuteScalarAsync("ANALYZE");
    }

    private async Task AssertRangeAsync(
        VirtualKeyFilter filter, IndexPosition? after, string index, int maxBuffers = MaxBuffers)
    {
        var plan = await ExplainAsync(filter, after);
        Assert.Matches($"Index( Only)? Scan( Backward)? using {index} on |Bitmap Index Scan on {index} ", plan);
        Assert.DoesNotContain("Seq Scan on keysvirtualkey", plan, StringComparison.Ordinal);
        AssertBuffers(plan, maxBuffers);
    }

    private async Task AssertNotRetiringRangesAsync(IndexPosition? after)
    {
        var plan = await ExplainAsync(new() { HasRetiringSecrets = false }, after);
        Assert.Matches("Index( Only)? Scan Backward using keysnotretiringkey_pkey on ", plan);
        Assert.Matches("Index( Only)? Scan using ix_keysretiringkey_retiringuntil on |"
            + "Bitmap Index Scan on ix_keysretiringkey_retiringuntil ", plan);
        Assert.DoesNotMatch("Seq Scan on keys(virtual|retiring|notretiring)key", plan);
        AssertBuffers(plan, 2 * MaxBuffers);
    }

    private static void AssertBuffers(string plan, int maxBuffers)
    {
        var buffers = BuffersPattern.Match(plan).Groups.Values.Skip(1)
            .Sum(group => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0);
        Assert.True(buffers <= maxBuffers, $"{buffers} buffers are read:\n{plan}");
    }

    private async Task<string> ExplainAsync(VirtualKeyFilter filter, IndexPosition? after)
    {
        var query = new VirtualKeyQuery(filter, after, Now);
        await using var command = Database.DataSource.CreateCommand(
            "EXPLAIN (ANALYZE, BUFFERS) " + StateIndex.WithLimit(query.Sql, 51));
        foreach (var (name, value) in query.Parameters.Append(("@ServiceId", ServiceId))
            .Append(("@StateName", StorageNames.VirtualKey)).Append(("@Owner", "project_a")))
            command.Parameters.Add(new NpgsqlParameter(name, value));

        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return string.Join('\n', lines);
    }
}
