using KeysCluster.Contract.Tests.Authentication;
using KeysCluster.Contract.Tests.Errors;
using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Idempotency;

/// <summary>Replays after later changes, and the scope of an Idempotency-Key.</summary>
public abstract class ReplayTests(TestService service)
{
    private const string Body = """{"name":"n"}""";

    private static string NewKey => Guid.NewGuid().ToString();

    [Fact]
    public async Task A_replay_returns_the_first_secret_and_the_key_as_it_is_even_after_rotations_and_a_revoke()
    {
        using var project = await service.CreateProjectAsync();
        var (createKey, rotateKey) = (NewKey, NewKey);
        var created = await project.Client.PostIdempotentAsync(createKey, Routes.VirtualKeys, Body);
        var id = Text(created.VirtualKey, "id");
        var rotated = await project.Client.PostIdempotentAsync(rotateKey, Routes.Rotate(id));
        for (var i = 0; i < 2; i++) (await project.Client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        await AssertBothReplayAsync();
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        await AssertBothReplayAsync();

        Assert.Equal("revoked", await project.Client.VerifyAsync(rotated.Secret));
        var refused = await project.Client.PostIdempotentAsync(NewKey, Routes.Rotate(id));
        ErrorAssert.IsError(refused, 400, "virtual_key_revoked");

        async Task AssertBothReplayAsync()
        {
            var before = await project.Client.GetAsync(id);
            var (state, current) = (before.Body, before.VirtualKey);
            var createdAgain = await project.Client.PostIdempotentAsync(createKey, Routes.VirtualKeys, Body);
            ReplayAssert.HasSameSecret(created.Secret, createdAgain.Secret, createdAgain);
            var rotatedAgain = await project.Client.PostIdempotentAsync(rotateKey, Routes.Rotate(id));
            ReplayAssert.HasSameSecret(rotated.Secret, rotatedAgain.Secret, rotatedAgain);
            Assert.Equal(Text(current, "revision"), Text(rotatedAgain.VirtualKey, "revision"));
            Assert.Equal(Text(current, "display_prefix"), Text(rotatedAgain.VirtualKey, "display_prefix"));
            Assert.Equal(state, (await project.Client.GetAsync(id)).Body);
        }
    }

    [Fact]
    public async Task A_replayed_rotation_shows_that_the_key_was_revoked_meanwhile()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var key = NewKey;
        await project.Client.PostIdempotentAsync(key, Routes.Rotate(id));
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        var replayed = await project.Client.PostIdempotentAsync(key, Routes.Rotate(id));
        AssertVirtualKeyShape(replayed.VirtualKey);
        Assert.Equal("revoked", Text(replayed.VirtualKey, "status"));
    }

    [Fact]
    public async Task A_create_that_spells_out_the_defaults_is_the_same_request()
    {
        using var project = await service.CreateProjectAsync();
        var key = NewKey;
        var first = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body);
        string[] bodies =
        [
            """{"name":"n","environment":"live","description":null,"principal_user_id":null,"expires_at":null}""",
            """{"name":"n","provider_credential_ids":[],"permissions":[],"allowed_ips":[],"metadata":{}}""",
            """{"name":"n","external_id":null,"config":null}""", """{"name":"n","config":{}}""",
            """{"name":"n","purpose":"user","routing_mode":"none","budget":null,"scopes":[]}""",
        ];
        foreach (var body in bodies)
            ReplayAssert.IsReplay(first, await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, body));
    }

    [Fact]
    public async Task A_create_of_a_project_that_spells_out_the_defaults_is_the_same_request()
    {
        using var admin = service.CreateAdminClient();
        var key = NewKey;
        var first = await admin.PostIdempotentAsync(key, Routes.Projects, Body);
        string[] bodies =
        [
            """{"name":"n","language":null,"framework":null,"teamId":null,"newTeamName":null}""",
            """{"name":"n","language":"","framework":"","teamId":"","newTeamName":""}""",
        ];
        foreach (var body in bodies)
            ReplayAssert.IsReplay(first, await admin.PostIdempotentAsync(key, Routes.Projects, body));
    }

    [Theory]
    [InlineData("\"permissions\":[\"a\"]"), InlineData("\"external_id\":\"e\""), InlineData("\"config\":{\"a\":1}")]
    [InlineData("\"metadata\":{\"a\":\"1\"}"), InlineData("\"allowed_ips\":[\"10.0.0.0/8\"]")]
    [InlineData("\"expires_at\":\"2100-01-01\"")]
    public async Task A_create_with_one_more_member_is_a_different_request(string member)
    {
        using var project = await service.CreateProjectAsync();
        var body = $$"""{"name":"n",{{member}}}""";
        foreach (var (firstBody, secondBody) in new[] { (Body, body), (body, Body) })
        {
            var key = NewKey;
            var first = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, firstBody);
            ReplayAssert.IsNotReplay(first);
            var conflict = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, secondBody);
            ErrorAssert.IsError(conflict, 409, "idempotency_conflict");
            ReplayAssert.IsReplay(first, await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, firstBody));
            (await project.Client.RevokeAsync(Text(first.VirtualKey, "id"))).EnsureStatus(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task A_replay_returns_the_original_API_key_without_making_an_expired_one_valid_again()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var key = NewKey;
        var rotated = await admin.PostIdempotentAsync(key, Routes.RotateApiKey(project.Id));
        var again = await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id));
        again.EnsureStatus(HttpStatusCode.OK);
        var expired = await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(project.Id));
        expired.EnsureStatus(HttpStatusCode.OK);

        var replayed = await admin.PostIdempotentAsync(key, Routes.RotateApiKey(project.Id));

        ReplayAssert.HasSameSecret(Text(rotated.Json, "api_key"), Text(replayed.Json, "api_key"), replayed);
        await ApiKeyAssert.IsRefusedAsync(service, Text(rotated.Json, "api_key"));
    }

    [Fact]
    public async Task Idempotency_keys_are_scoped_to_a_project()
    {
        using var project = await service.CreateProjectAsync();
        using var otherProject = await service.CreateProjectAsync();
        var key = NewKey;
        var first = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body);
        var second = await otherProject.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body);
        ReplayAssert.IsNotReplay(first);
        ReplayAssert.IsNotReplay(second);
        Assert.Equal(project.Id, Text(first.VirtualKey, "project_id"));
        Assert.Equal(otherProject.Id, Text(second.VirtualKey, "project_id"));
        Assert.NotEqual(first.Secret, second.Secret);

        var rotate = Routes.Rotate(Text(first.VirtualKey, "id"));
        var rotateKey = NewKey;
        ReplayAssert.IsNotReplay(await project.Client.PostIdempotentAsync(rotateKey, rotate));
        var notFound = await otherProject.Client.PostIdempotentAsync(rotateKey, rotate);
        ErrorAssert.IsError(notFound, 404, "virtual_key_not_found");
    }

    [Fact]
    public async Task An_idempotency_key_can_rotate_several_virtual_keys_but_not_the_one_it_created()
    {
        using var project = await service.CreateProjectAsync();
        var key = NewKey;
        var created = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body);
        var (second, _) = await project.Client.CreateAsync();
        var (third, _) = await project.Client.CreateAsync();

        var conflict = await project.Client.PostIdempotentAsync(key, Routes.Rotate(Text(created.VirtualKey, "id")));
        ErrorAssert.IsError(conflict, 409, "idempotency_conflict");
        ApiResponse[] rotated =
        [
            await project.Client.PostIdempotentAsync(key, Routes.Rotate(second)),
            await project.Client.PostIdempotentAsync(key, Routes.Rotate(third)),
        ];
        Assert.All(rotated, ReplayAssert.IsNotReplay);
        Assert.NotEqual(rotated[0].Secret, rotated[1].Secret);
    }

    [Fact]
    public async Task A_refused_request_does_not_consume_its_idempotency_key()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var key = NewKey;
        var refused = await project.Client.PostIdempotentAsync(
            key, Routes.Rotate(id), """{"grace_period_seconds":-1}""");
        ErrorAssert.IsError(refused, 422, "validation_failed");
        ReplayAssert.IsNotReplay(await project.Client.PostIdempotentAsync(key, Routes.Rotate(id)));
    }

    [Fact]
    public async Task The_33rd_idempotency_key_within_a_day_is_422_and_the_first_32_still_replay()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var keys = Enumerable.Range(0, 32).Select(_ => NewKey).ToArray();
        var responses = new List<ApiResponse>();
        foreach (var key in keys) responses.Add(await RotateAsync(key));
        Assert.All(responses, ReplayAssert.IsNotReplay);
        var state = (await project.Client.GetAsync(id)).Body;

        var refused = await RotateAsync(NewKey);

        ErrorAssert.IsError(refused, 422, "too_many_idempotency_keys");
        Assert.Equal(state, (await project.Client.GetAsync(id)).Body);
        foreach (var i in new[] { 0, 31 })
        {
            var replayed = await RotateAsync(keys[i]);
            ReplayAssert.HasSameSecret(responses[i].Secret, replayed.Secret, replayed);
        }

        Assert.Equal("active", await project.Client.VerifyAsync(responses[31].Secret));
        (await project.Client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);

        Task<ApiResponse> RotateAsync(string key) =>
            project.Client.PostIdempotentAsync(key, Routes.Rotate(id), """{"grace_period_seconds":0}""");
    }
}
