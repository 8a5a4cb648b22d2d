using System.Text;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>Pages of lists in each of the orders that filters cause.</summary>
public abstract class ListPagingTests(TestService service)
{
    private const string ByCreation = "status=active";
    private const string ByName = "name_prefix=a";
    private const string ByExpiry = "expires_before=9999-12-31";
    private const string ByDeadline = "has_retiring_secrets=true";

    private static readonly string[] Orders = [ByCreation, ByName, ByExpiry, ByDeadline];

    private readonly DateTimeOffset _start = TimeProvider.System.GetUtcNow();

    public static TheoryData<string, int> Pages()
    {
        var data = new TheoryData<string, int>();
        foreach (var order in Orders.Append($"{ByName}&{ByDeadline}").Append($"{ByName}&{ByExpiry}&environment=test"))
            foreach (var limit in new[] { 1, 3, 200 }) data.Add(order, limit);
        return data;
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Pages_list_every_key_exactly_once_while_others_are_being_created(string filter, int limit)
    {
        using var project = await service.CreateProjectAsync();
        var expected = new List<string>();

        // Names, expiries and deadlines are equal in pairs, so that some pages end between equal keys.
        for (var i = 0; i < 8; i++) expected.Add(await CreateAsync(project, number: i / 2));

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await project.ListAsync(CreateQuery(filter, limit, cursor));
            var keys = page.GetProperty("data").EnumerateArray().ToArray();
            Assert.InRange(keys.Length, 1, limit);
            seen.AddRange(keys.Select(key => Text(key, "id")));
            cursor = TextOrNull(page, "next_cursor");
            if (seen.Count < 20) await CreateAsync(project, number: seen.Count % 5);
        }
        while (cursor is not null);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Subset(seen.ToHashSet(), expected.ToHashSet());
    }

    [Fact]
    public async Task Pages_of_a_name_prefix_continue_after_the_longest_names()
    {
        using var project = await service.CreateProjectAsync();
        string[] names =
        [
            "a", "a ", "a  b c", "a" + new string(' ', 127), "a" + new string('€', 127), "a€", "a\U0001F511",
            "a" + string.Concat(Enumerable.Repeat("\U0001F511", 63)), "a\uFFFD", "ab",
        ];
        foreach (var name in names) await project.Client.CreateAsync(name);

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await project.ListAsync(CreateQuery(ByName, 1, cursor));
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(key => Text(key, "name")));
            cursor = TextOrNull(page, "next_cursor");
        }
        while (cursor is not null);

        // By code point, as the UTF-8 bytes are ordered.
        var sorted = names.OrderBy(name => Convert.ToHexString(Encoding.UTF8.GetBytes(name)), StringComparer.Ordinal);
        Assert.Equal(sorted, seen);
    }

    [Fact]
    public async Task A_cursor_of_a_list_in_another_order_is_422()
    {
        using var project = await service.CreateProjectAsync();
        for (var i = 0; i < 2; i++) await CreateAsync(project, number: i);
        foreach (var order in Orders)
        {
            var cursor = Text(await project.ListAsync(CreateQuery(order, 1)), "next_cursor");
            Assert.Single(await project.ListKeysAsync(CreateQuery(order, 1, cursor)));
            foreach (var other in Orders.Where(other => other != order))
            {
                var refused = await project.Client.ListAsync(CreateQuery(other, 1, cursor));
                ErrorAssert.IsError(refused, 422, "validation_failed", naming: "cursor");
            }
        }
    }

    [Theory]
    [InlineData("&status=active", "&status=revoked"), InlineData("&status=active", "&environment=test")]
    [InlineData("&status=active", ""), InlineData("", "&status=active")]
    [InlineData("&status=active", "&status=active&environment=test")]
    [InlineData("&status=active", "&status=active&has_retiring_secrets=false")]
    [InlineData("&name_prefix=n", "&name_prefix="), InlineData("&name_prefix=n", "&name_prefix=n&status=active")]
    [InlineData("&expires_before=9999-12-31", "&expires_before=9999-12-30")]
    [InlineData("&principal_user_id=u", "&external_id=u")]
    public async Task A_cursor_of_a_list_with_other_filters_is_422(string filter, string other)
    {
        using var project = await service.CreateProjectAsync();
        for (var i = 0; i < 2; i++)
        {
            var expiry = Timestamps.Format(_start.AddHours(1));
            await project.CreateAsync($$"""
                "environment":"test","principal_user_id":"u","expires_at":"{{expiry}}"
                """);
        }

        var cursor = Uri.EscapeDataString(Text(await project.ListAsync($"?limit=1{filter}"), "next_cursor"));

        var refused = await project.Client.ListAsync($"?limit=1{other}&cursor={cursor}");
        ErrorAssert.IsError(refused, 422, "validation_failed", naming: "cursor");
    }

    [Fact]
    public async Task A_cursor_continues_with_another_limit_and_another_notation_of_the_same_filters()
    {
        using var project = await service.CreateProjectAsync();
        for (var i = 0; i < 2; i++) await CreateAsync(project, number: i);
        var first = await project.ListAsync("?limit=1&status=active&expires_before=2100-01-01");
        var cursor = Uri.EscapeDataString(Text(first, "next_cursor"));
        Assert.Single(await project.ListKeysAsync(
            $"?expires_before=4102444800000&status=active&limit=50&cursor={cursor}"));
    }

    private static string CreateQuery(string filter, int limit, string? cursor = null) =>
        $"?{filter}&limit={limit}" + (cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}");

    /// <summary>
    /// Creates a key that matches each of the filters. The deadline of its retiring secret is its expiry.
    /// </summary>
    private async Task<string> CreateAsync(TestProject project, int number)
    {
        var expiry = Timestamps.Format(_start.AddHours(number + 1));
        var key = new { name = $"a {number}", environment = "test", expires_at = expiry };
        var response = await project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, key);
        response.EnsureStatus(HttpStatusCode.Created);
        var id = Text(response.VirtualKey, "id");
        (await project.Client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        return id;
    }
}
