using System.Text.RegularExpressions;
using KeysCluster.Grains.Storage;
using KeysCluster.Silo.Storage;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Storage.Tests;

/// <summary>Each filter of a list reads a range of one index of SQLite.</summary>
public sealed class VirtualKeySqlitePlanTests : StorageTest
{
    private static readonly DateTimeOffset Now = new(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);

    public static TheoryData<string, string, bool> Filters()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var isFirstPage in new[] { true, false })
        {
            data.Add("external_id", "ix_KeysVirtualKey_ExternalId", isFirstPage);
            data.Add("status", "ix_KeysVirtualKey_Status", isFirstPage);
            data.Add("environment", "ix_KeysVirtualKey_Environment", isFirstPage);
            data.Add("principal_user_id", "ix_KeysVirtualKey_PrincipalUserId", isFirstPage);
            data.Add("name_prefix", "ix_KeysVirtualKey_Name", isFirstPage);
            data.Add("name_prefix and status", "ix_KeysVirtualKey_Name", isFirstPage);
            data.Add("expires_before", "ix_KeysVirtualKey_ExpiresAt", isFirstPage);
            data.Add("has_retiring_secrets", "ix_KeysRetiringKey_RetiringUntil", isFirstPage);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Filters))]
    public async Task Each_filter_reads_a_range_of_one_index_in_its_order(string name, string index, bool isFirstPage)
    {
        var filter = name switch
        {
            "external_id" => new VirtualKeyFilter { ExternalId = "e" },
            "status" => new() { Status = VirtualKeyStatus.Active },
            "environment" => new() { Environment = VirtualKeyEnvironment.Live },
            "principal_user_id" => new() { PrincipalUserId = "u" },
            "name_prefix" => new() { NamePrefix = "n" },
            "name_prefix and status" => new() { NamePrefix = "n", Status = VirtualKeyStatus.Disabled },
            "expires_before" => new() { ExpiresBefore = Now },
            "has_retiring_secrets" => new() { HasRetiringSecrets = true },
            _ => throw new ArgumentOutOfRangeException(nameof(name)),
        };
        var plan = await ExplainAsync(
            filter, isFirstPage ? null : new IndexPosition(Now, "vk_1", SortText: "2026-05-01T00:00:00.000Z"));

        Assert.Matches($@"^SEARCH [kr] USING (COVERING )?INDEX {index} \(ServiceId=\? AND ProjectId=\?", plan[1]);

        // Only the page is sorted, after its states were joined.
        Assert.DoesNotContain(
            plan.TakeWhile(line => line != "SCAN p"), line => line.Contains("TEMP B-TREE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keys_without_retiring_secrets_are_a_range_in_order_and_one_of_passed_deadlines(bool isFirstPage)
    {
        var plan = await ExplainAsync(
            new() { HasRetiringSecrets = false },
            isFirstPage ? null : new IndexPosition(Now, "vk_1", SortText: "2026-05-01T00:00:00.000Z"));

        var after = isFirstPage ? "" : @" AND \(CreatedAt,Id\)<\(\?,\?\)";
        Assert.Contains(plan, line => Regex.IsMatch(
            line, $@"^SEARCH n USING PRIMARY KEY \(ServiceId=\? AND ProjectId=\?{after}\)$"));
        Assert.Contains(plan, line => Regex.IsMatch(
            line,
            @"^SEARCH r USING (COVERING )?INDEX ix_KeysRetiringKey_RetiringUntil "
            + @"\(ServiceId=\? AND ProjectId=\? AND RetiringUntil<\?\)$"));
        Assert.DoesNotContain(plan, line => Regex.IsMatch(line, "^SCAN [nkr]( |$)"));
    }

    private async Task<IReadOnlyList<string>> ExplainAsync(VirtualKeyFilter filter, IndexPosition? after)
    {
        var query = new VirtualKeyQuery(filter, after, Now);
        await using var connection = await Database.DataSource.OpenConnectionAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = "EXPLAIN QUERY PLAN " + StateIndex.WithLimit(query.Sql, 51);
        foreach (var (name, value) in query.Parameters.Append(("@ServiceId", ServiceId))
            .Append(("@StateName", StorageNames.VirtualKey)).Append(("@Owner", "project_a")))
            command.AddParameter(name, value);

        var lines = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(3));
        return lines;
    }
}
