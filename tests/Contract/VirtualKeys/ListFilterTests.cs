using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

public abstract class ListFilterTests(TestService service)
{
    [Theory]
    [InlineData("external_id=app-1", "alpha"), InlineData("external_id=app", ""), InlineData("external_id=APP-1", "")]
    [InlineData("external_id=%20app-1%20", "alpha"), InlineData("external_id=", "")]
    [InlineData("external_id=app-2", "beta")]
    [InlineData("status=active", "alpine,alphabet,alpha"), InlineData("status=disabled", "Alpha")]
    [InlineData("status=revoked", "beta")]
    [InlineData("environment=live", "alpine,Alpha,alpha"), InlineData("environment=test", "beta,alphabet")]
    [InlineData("principal_user_id=user-1", "alphabet,alpha"), InlineData("principal_user_id=user", "")]
    [InlineData("principal_user_id=", "")]
    [InlineData("has_retiring_secrets=false", "beta,Alpha,alpha")]
    public async Task Filters_select_keys_newest_first(string query, string expected) =>
        await AssertListsAsync(query, expected);

    [Theory]
    [InlineData("name_prefix=alp", "alpha,alphabet,alpine"), InlineData("name_prefix=alpha", "alpha,alphabet")]
    [InlineData("name_prefix=Alpha", "Alpha"), InlineData("name_prefix=alphas", ""), InlineData("name_prefix=lp", "")]
    [InlineData("name_prefix=%25", ""), InlineData("name_prefix=alph_", "")]
    [InlineData("name_prefix=", "Alpha,alpha,alphabet,alpine,beta")]
    public async Task A_name_prefix_sorts_by_name(string query, string expected) =>
        await AssertListsAsync(query, expected);

    [Theory]
    [InlineData("expires_before={3 days}", "alpine,alpha"), InlineData("expires_before={1 day}", "")]
    [InlineData("expires_before={9 days}", "alpine,alpha,alphabet"), InlineData("expires_before=2020-01-01", "")]
    [InlineData("expires_before=9999-12-31", "alpine,alpha,alphabet")]
    [InlineData("expires_before=253402300799999", "alpine,alpha,alphabet")]
    public async Task An_expiry_sorts_by_expiry(string query, string expected) =>
        await AssertListsAsync(query, expected);

    [Fact]
    public async Task Retiring_secrets_sort_by_their_latest_deadline() =>
        await AssertListsAsync("has_retiring_secrets=true", "alphabet,alpine");

    [Theory]
    [InlineData("status=active&environment=live", "alpine,alpha"), InlineData("status=active&external_id=app-2", "")]
    [InlineData("principal_user_id=user-1&environment=test", "alphabet")]
    [InlineData("status=revoked&external_id=app-2", "beta")]
    [InlineData("name_prefix=al&status=active", "alpha,alphabet,alpine")]
    [InlineData("name_prefix=al&expires_before=9999-12-31", "alpine,alpha,alphabet")]
    [InlineData("name_prefix=alpi&has_retiring_secrets=true", "alpine")]
    [InlineData("expires_before=9999-12-31&has_retiring_secrets=true", "alphabet,alpine")]
    [InlineData("expires_before=9999-12-31&has_retiring_secrets=false", "alpha")]
    [InlineData("name_prefix=al&has_retiring_secrets=false&limit=200", "alpha")]
    [InlineData("name_prefix=a&expires_before=9999-12-31&has_retiring_secrets=true&status=active&environment=live"
        + "&principal_user_id=user-2&external_id=app-3", "alpine")]
    public async Task A_key_must_match_every_filter(string query, string expected) =>
        await AssertListsAsync(query, expected);

    [Fact]
    public async Task A_listed_key_is_the_key_as_it_is_read()
    {
        using var project = await service.CreateProjectAsync();
        await CreateKeysAsync(project);
        string[] queries = ["status=active", "name_prefix=a", "expires_before=9999-12-31", "has_retiring_secrets=true"];
        foreach (var query in queries)
        {
            var keys = await project.ListKeysAsync($"?{query}");
            Assert.NotEmpty(keys);
            foreach (var key in keys)
                Assert.Equal((await project.GetKeyAsync(Text(key, "id"))).ToString(), key.ToString());
        }
    }

    [Fact]
    public async Task Filters_see_a_change_when_its_response_arrives()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        await project.UpdateAsync(id, """{"name":"renamed","external_id":"e","expires_at":"2100-01-01"}""");
        string[] matching = ["name_prefix=renamed", "external_id=e", "expires_before=2100-01-02", "status=active"];
        foreach (var query in matching) Assert.Single(await project.ListKeysAsync($"?{query}"));
        foreach (var query in new[] { "name_prefix=a%20key", "expires_before=2100-01-01", "status=disabled" })
            Assert.Empty(await project.ListKeysAsync($"?{query}"));

        await project.UpdateAsync(id, """{"external_id":null,"expires_at":null}""");
        foreach (var query in new[] { "external_id=e", "expires_before=9999-12-31" })
            Assert.Empty(await project.ListKeysAsync($"?{query}"));

        await AssertHasRetiringSecretsAsync(false);
        await project.Client.RotateAsync(id);
        await AssertHasRetiringSecretsAsync(true);
        await project.Client.SendAsync(HttpMethod.Delete, Routes.RetiringSecrets(id));
        await AssertHasRetiringSecretsAsync(false);
        await project.RotateAsync(id, gracePeriodSeconds: 0);
        await AssertHasRetiringSecretsAsync(false);
        await project.Client.RotateAsync(id);
        await project.Client.DisableAsync(id);
        await AssertHasRetiringSecretsAsync(true);
        Assert.Single(await project.ListKeysAsync("?status=disabled"));
        await project.Client.EnableAsync(id);
        Assert.Single(await project.ListKeysAsync("?status=active"));
        await project.Client.RevokeAsync(id);
        await AssertHasRetiringSecretsAsync(false);
        Assert.Empty(await project.ListKeysAsync("?status=active"));

        async Task AssertHasRetiringSecretsAsync(bool expected)
        {
            Assert.Equal(expected ? 1 : 0, (await project.ListKeysAsync("?has_retiring_secrets=true")).Length);
            Assert.Equal(expected ? 0 : 1, (await project.ListKeysAsync("?has_retiring_secrets=false")).Length);
        }
    }

    [Theory]
    [InlineData("status=expired", "status"), InlineData("status=Active", "status"), InlineData("status=", "status")]
    [InlineData("status=0", "status"), InlineData("environment=prod", "environment")]
    [InlineData("environment=", "environment"), InlineData("expires_before=", "expires_before")]
    [InlineData("expires_before=soon", "expires_before"), InlineData("expires_before=-1", "expires_before")]
    [InlineData("expires_before=2100-01-01T00:00:00", "expires_before")]
    [InlineData("expires_before=253402300800000", "expires_before")]
    [InlineData("has_retiring_secrets=1", "has_retiring_secrets")]
    [InlineData("has_retiring_secrets=True", "has_retiring_secrets")]
    [InlineData("has_retiring_secrets=", "has_retiring_secrets")]
    [InlineData("name_prefix=%00", "name_prefix"), InlineData("external_id=a%0Ab", "external_id")]
    [InlineData("principal_user_id=%7F", "principal_user_id")]
    [InlineData("status=active&status=revoked", "status"), InlineData("name_prefix=a&name_prefix=a", "name_prefix")]
    public async Task An_invalid_or_repeated_filter_is_422_naming_it(string query, string parameter)
    {
        using var project = await service.CreateProjectAsync();
        ErrorAssert.IsError(
            await project.Client.ListAsync($"?{query}"), 422, "validation_failed", naming: $"{parameter} must ");
    }

    [Fact]
    public async Task A_filter_has_at_most_255_characters()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var parameter in new[] { "external_id", "principal_user_id", "name_prefix" })
        {
            Assert.Empty(await project.ListKeysAsync($"?{parameter}={new string('x', 255)}"));
            var refused = await project.Client.ListAsync($"?{parameter}={new string('x', 256)}");
            ErrorAssert.IsError(refused, 422, "validation_failed", naming: parameter);
        }
    }

    private async Task AssertListsAsync(string query, string expected)
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        await CreateKeysAsync(project);
        await CreateKeysAsync(otherProject);
        query = query.Replace("{1 day}", FromNow(1), StringComparison.Ordinal)
            .Replace("{3 days}", FromNow(3), StringComparison.Ordinal)
            .Replace("{9 days}", FromNow(9), StringComparison.Ordinal);

        var page = await project.ListAsync($"?{query}");

        var keys = page.GetProperty("data").EnumerateArray().ToArray();
        Assert.Equal(expected, string.Join(',', keys.Select(key => Text(key, "name"))));
        Assert.All(keys, key => Assert.Equal(project.Id, Text(key, "project_id")));
        Assert.Null(TextOrNull(page, "next_cursor"));
    }

    /// <summary>Creates five keys, at different times.</summary>
    private static async Task CreateKeysAsync(TestProject project)
    {
        await CreateAsync($$"""
            {"name":"alpha","external_id":"app-1","principal_user_id":"user-1","expires_at":"{{FromNow(2.5)}}"}
            """);
        var alphabet = await CreateAsync($$"""
            {"name":"alphabet","environment":"test","principal_user_id":"user-1","expires_at":"{{FromNow(8)}}"}
            """);
        await project.RotateAsync(alphabet, gracePeriodSeconds: 3600);
        var disabled = await CreateAsync("""{"name":"Alpha"}""");
        await project.Client.DisableAsync(disabled);
        var revoked = await CreateAsync("""{"name":"beta","environment":"test","external_id":"app-2"}""");
        await project.Client.RotateAsync(revoked);
        await project.Client.RevokeAsync(revoked);
        var alpine = await CreateAsync($$"""
            {"name":"alpine","external_id":"app-3","principal_user_id":"user-2","expires_at":"{{FromNow(2)}}"}
            """);
        await project.RotateAsync(alpine, gracePeriodSeconds: 60);
        await project.RotateAsync(alpine, gracePeriodSeconds: 86400);

        async Task<string> CreateAsync(string body)
        {
            var response = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body);
            response.EnsureStatus(HttpStatusCode.Created);
            return Text(response.VirtualKey, "id");
        }
    }

    private static string FromNow(double days) => Timestamps.FromNow(TimeSpan.FromDays(days));
}
