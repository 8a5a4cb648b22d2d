using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Projects;
using KeysCluster.Contract.Tests.Services;

namespace KeysCluster.Contract.Tests.Errors;

/// <summary>A member or parameter that the service would not use is refused, so that no caller relies on it.</summary>
[Collection(SqliteService.CollectionName)]
public sealed class UnknownMembersTests(SqliteService service)
{
    [Theory]
    [InlineData("x"), InlineData("Name"), InlineData("SECRET"), InlineData("expiresAt"), InlineData("name ")]
    [InlineData(""), InlineData("$type"), InlineData("__proto__"), InlineData("имя"), InlineData("a.b")]
    public async Task An_unknown_member_is_422_naming_it_on_every_endpoint(string member)
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, secret) = await project.Client.CreateAsync();
        var (apiKey, _, client) = await service.CreateApiKeyAsync(project.Id, ["events:view"]);
        using var _ = client;
        var before = await ReadStateAsync(project, admin);
        var body = JsonSerializer.Serialize(new Dictionary<string, object?> { [member] = null });

        foreach (var operation in OperationTable.All)
        {
            var caller = operation.Admin ? admin : project.Client;
            var path = operation.GetPath(project.Id, id, apiKey);
            AssertNames(member, await caller.SendTextAsync(operation.HttpMethod, path, body));
        }

        Assert.Equal(before, await ReadStateAsync(project, admin));
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task An_empty_object_is_accepted_where_an_endpoint_has_no_members()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, _) = await project.Client.CreateAsync();
        foreach (var path in new[] { Routes.Enable(id), Routes.Revoke(id) })
            (await project.Client.SendTextAsync(HttpMethod.Post, path, "{}")).EnsureStatus(HttpStatusCode.OK);
        var archived = await admin.SendTextAsync(HttpMethod.Delete, Routes.Project(project.Id), "{}");
        archived.EnsureStatus(HttpStatusCode.OK);
        var erased = await admin.SendTextAsync(HttpMethod.Post, Routes.EraseProject(project.Id), "{}");
        erased.EnsureStatus(HttpStatusCode.Accepted);
    }

    /// <summary>Properties of the service that are no members.</summary>
    [Theory]
    [InlineData("sets_description"), InlineData("sets_expires_at"), InlineData("sets_external_id")]
    [InlineData("sets_config")]
    public async Task An_internal_property_is_an_unknown_member(string member)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        AssertNames(member, await project.SendUpdateAsync(id, $$"""{"{{member}}":true}"""));
    }

    [Fact]
    public async Task An_unknown_member_is_refused_next_to_known_ones_and_before_their_values_are_validated()
    {
        using var project = await service.CreateProjectAsync();
        foreach (var body in new[] { """{"name":"n","x":1}""", """{"x":{},"name":"n"}""", """{"name":1,"x":null}""" })
            AssertNames("x", await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, body));
        Assert.Empty(await project.ListKeysAsync());
    }

    [Fact]
    public async Task A_message_does_not_repeat_a_name_of_more_than_40_characters()
    {
        using var project = await service.CreateProjectAsync();
        var longest = new string('x', 40);
        AssertNames(longest, await project.SendCreateAsync($"\"{longest}\":1"));

        // It may be a secret in the wrong place.
        var response = await project.SendCreateAsync($"\"{longest}y\":1");
        Assert.DoesNotContain(longest, response.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x=1", "x"), InlineData("x", "x"), InlineData("Limit=1", "Limit"), InlineData("page[n]=1", "page[n]")]
    [InlineData("=1", ""), InlineData("%D0%BA=1", "к"), InlineData("secret=a", "secret"), InlineData("name=n", "name")]
    public async Task An_unknown_query_parameter_is_422_naming_it_on_every_endpoint(string query, string parameter)
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, secret) = await project.Client.CreateAsync();
        var (apiKey, _, client) = await service.CreateApiKeyAsync(project.Id, ["events:view"]);
        using var _ = client;
        var before = await ReadStateAsync(project, admin);

        foreach (var operation in OperationTable.All)
        {
            var caller = operation.Admin ? admin : project.Client;
            var path = operation.GetPath(project.Id, id, apiKey);
            ErrorAssert.IsError(
                await caller.SendAsync(operation.HttpMethod, $"{path}?{query}"),
                422,
                "validation_failed",
                $"'{parameter}' is not a query parameter of this endpoint.");
        }

        Assert.Equal(before, await ReadStateAsync(project, admin));
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Theory]
    [InlineData("limit=1&limit=1", "limit"), InlineData("limit&limit", "limit")]
    [InlineData("cursor=&cursor=", "cursor"), InlineData("status=active&status=active", "status")]
    public async Task A_repeated_query_parameter_is_422_naming_it(string query, string parameter)
    {
        using var project = await service.CreateProjectAsync();
        var response = await project.Client.ListAsync($"?{query}");
        ErrorAssert.IsError(response, 422, "validation_failed", naming: $"{parameter} must appear once.");
    }

    [Fact]
    public async Task Credentials_are_checked_before_members_and_parameters()
    {
        using var anonymous = service.CreateAnonymousClient();
        var response = await anonymous.SendTextAsync(HttpMethod.Post, $"{Routes.VirtualKeys}?x=1", """{"x":1}""");
        ErrorAssert.IsError(response, 401, "unauthorized");
    }

    /// <summary>Reads everything that the operations of the table could change.</summary>
    private static async Task<string> ReadStateAsync(TestProject project, KeysClient admin)
    {
        var keys = await project.Client.ListAsync();
        var projects = await admin.SendAsync(HttpMethod.Get, $"{Routes.Projects}?limit=1");
        var apiKeys = await admin.SendAsync(HttpMethod.Get, Routes.ApiKeys(project.Id));
        foreach (var response in new[] { keys, projects, apiKeys }) response.EnsureStatus(HttpStatusCode.OK);
        return $"{keys.Body}\n{projects.Body}\n{apiKeys.Body}";
    }

    private static void AssertNames(string member, ApiResponse response) => ErrorAssert.IsError(
        response, 422, "validation_failed", $"'{member}' is not a member of this request.");
}
