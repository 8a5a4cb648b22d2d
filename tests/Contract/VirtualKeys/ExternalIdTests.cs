using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.VirtualKeys;

/// <summary>In a project, at most one key that is not revoked has an external id.</summary>
public abstract class ExternalIdTests(TestService service)
{
    private const string Taken = "external_id_taken";

    [Fact]
    public async Task A_second_key_with_the_same_external_id_is_409_and_is_not_created()
    {
        using var project = await service.CreateProjectAsync();
        await CreateAsync(project, "app-7");
        foreach (var id in new[] { "app-7", " app-7", "app-7 " })
            ErrorAssert.IsError(await SendCreateAsync(project, id), 409, Taken, naming: "external_id");
        Assert.Single(await project.ListKeysAsync());
    }

    [Fact]
    public async Task External_ids_are_compared_exactly_and_only_within_a_project()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        foreach (var id in new[] { "app", "App", "app-", "äpp", "a\u0308pp", "a p", "a  p" })
        {
            await CreateAsync(project, id);
            await CreateAsync(otherProject, id);
        }

        Assert.Equal(7, (await project.ListKeysAsync()).Length);
    }

    [Fact]
    public async Task Any_number_of_keys_may_have_no_external_id()
    {
        using var project = await service.CreateProjectAsync();
        for (var i = 0; i < 2; i++)
            Assert.Null(TextOrNull((await project.CreateAsync("\"external_id\":null")).Key, "external_id"));
    }

    [Fact]
    public async Task An_external_id_is_trimmed()
    {
        using var project = await service.CreateProjectAsync();
        var id = await CreateAsync(project, "  a b\u2003");
        Assert.Equal("a b", Text(await project.GetKeyAsync(id), "external_id"));
        Assert.Equal("c", Text(await UpdateAsync(project, id, "c "), "external_id"));
    }

    [Fact]
    public async Task An_external_id_has_1_to_128_characters_after_it_is_trimmed()
    {
        using var project = await service.CreateProjectAsync();
        var longest = new string('é', 128);
        foreach (var id in new[] { longest, "x" }) await CreateAsync(project, id);
        foreach (var id in new[] { longest + "é", "", " ", "\t", "a\u0000", "a\nb", "a\u007f" })
            ErrorAssert.IsError(await SendCreateAsync(project, id), 422, "validation_failed", naming: "external_id");
    }

    [Fact]
    public async Task White_space_around_an_external_id_does_not_count()
    {
        using var project = await service.CreateProjectAsync();
        var longest = new string('x', 128);
        var id = await CreateAsync(project, $"  {longest} ");
        Assert.Equal(longest, Text(await project.GetKeyAsync(id), "external_id"));
    }

    [Fact]
    public async Task A_patch_sets_it_null_clears_it_and_an_absent_one_is_kept()
    {
        using var project = await service.CreateProjectAsync();
        var id = await CreateAsync(project, "first");
        Assert.Equal("second", Text(await UpdateAsync(project, id, "second"), "external_id"));
        Assert.Equal("second", Text(await project.UpdateAsync(id, """{"name":"m"}"""), "external_id"));
        await CreateAsync(project, "first");

        var cleared = await project.UpdateAsync(id, """{"external_id":null}""");
        Assert.Null(TextOrNull(cleared, "external_id"));
        Assert.Equal(cleared.ToString(), (await project.UpdateAsync(id, """{"external_id":null}""")).ToString());
        await CreateAsync(project, "second");
        var refused = await project.SendUpdateAsync(id, """{"external_id":""}""");
        ErrorAssert.IsError(refused, 422, "validation_failed", naming: "external_id");
    }

    [Fact]
    public async Task A_patch_to_the_external_id_of_another_key_is_409_and_changes_nothing()
    {
        using var project = await service.CreateProjectAsync();
        await CreateAsync(project, "taken");
        var (id, secret) = await project.Client.CreateAsync();
        var before = await project.GetKeyAsync(id);

        var refused = await project.SendUpdateAsync(id, """{"name":"m","external_id":"taken"}""");

        ErrorAssert.IsError(refused, 409, Taken);
        Assert.Equal(before.ToString(), (await project.GetKeyAsync(id)).ToString());
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
        Assert.Equal("2", Text(await UpdateAsync(project, id, "free"), "revision"));
    }

    [Fact]
    public async Task A_disabled_key_keeps_its_external_id_and_a_revoked_key_frees_it()
    {
        using var project = await service.CreateProjectAsync();
        var first = await CreateAsync(project, "app");
        (await project.Client.DisableAsync(first)).EnsureStatus(HttpStatusCode.OK);
        ErrorAssert.IsError(await SendCreateAsync(project, "app"), 409, Taken);

        (await project.Client.RevokeAsync(first)).EnsureStatus(HttpStatusCode.OK);
        var second = await CreateAsync(project, "app");
        ErrorAssert.IsError(await SendCreateAsync(project, "app"), 409, Taken);
        (await project.Client.RevokeAsync(second)).EnsureStatus(HttpStatusCode.OK);
        await CreateAsync(project, "app");
        Assert.Equal("app", Text(await project.GetKeyAsync(first), "external_id"));
    }

    [Fact]
    public async Task Exactly_one_of_20_concurrent_creates_gets_an_external_id()
    {
        using var project = await service.CreateProjectAsync();
        for (var round = 0; round < 3; round++)
        {
            var responses = await Task.WhenAll(
                Enumerable.Range(0, 20).Select(_ => SendCreateAsync(project, "raced")));
            var created = Assert.Single(responses, response => response.Status == HttpStatusCode.Created);
            Assert.All(
                responses.Where(response => response != created),
                response => ErrorAssert.IsError(response, 409, Taken));
            Assert.Equal("active", await project.Client.VerifyAsync(created.Secret));

            // The next round starts from an external id that was just freed.
            var id = Text(created.VirtualKey, "id");
            (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        }

        Assert.Equal(3, (await project.ListKeysAsync()).Length);
    }

    [Fact]
    public async Task Exactly_one_of_20_concurrent_patches_gets_an_external_id()
    {
        using var project = await service.CreateProjectAsync();
        var keys = await project.Client.CreateManyAsync(20);
        var responses = await Task.WhenAll(
            keys.Select(key => project.SendUpdateAsync(key.Id, """{"external_id":"raced"}""")));
        Assert.Single(responses, response => response.Status == HttpStatusCode.OK);
        Assert.Equal(19, responses.Count(response => response.Status == HttpStatusCode.Conflict));
        Assert.Single(await project.ListKeysAsync("?external_id=raced"));
    }

    [Fact]
    public async Task A_409_does_not_consume_an_idempotency_key_and_a_replay_is_not_a_409()
    {
        using var project = await service.CreateProjectAsync();
        var key = Guid.NewGuid().ToString();
        const string body = """{"name":"n","external_id":"app"}""";
        var first = await CreateAsync(project, "app");
        ErrorAssert.IsError(await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, body), 409, Taken);

        (await project.Client.RevokeAsync(first)).EnsureStatus(HttpStatusCode.OK);
        var created = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, body);
        created.EnsureStatus(HttpStatusCode.Created);
        var replayed = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, body);
        Assert.Equal((created.Status, created.Body), (replayed.Status, replayed.Body));
    }

    private static Task<ApiResponse> SendCreateAsync(TestProject project, string externalId) =>
        project.Client.SendAsync(HttpMethod.Post, Routes.VirtualKeys, new { name = "n", external_id = externalId });

    private static async Task<string> CreateAsync(TestProject project, string externalId)
    {
        var response = await SendCreateAsync(project, externalId);
        response.EnsureStatus(HttpStatusCode.Created);
        return Text(response.VirtualKey, "id");
    }

    private static Task<JsonElement> UpdateAsync(TestProject project, string id, string externalId) =>
        project.UpdateAsync(id, JsonSerializer.Serialize(new { external_id = externalId }));
}
