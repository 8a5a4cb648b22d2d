using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using KeysCluster.TestKit;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Idempotency;

/// <summary>What a replay answers when things have gone on, and how far an Idempotency-Key counts.</summary>
public abstract class ReplayTests(TestService service)
{
    private const string Body = """{"name":"n"}""";

    private static string NewKey => Guid.NewGuid().ToString();

    [Fact]
    public async Task A_replay_returns_the_first_response_even_after_later_rotations_and_a_revoke()
    {
        using var project = await service.CreateProjectAsync();
        var (createKey, rotateKey) = (NewKey, NewKey);
        var created = await project.Client.PostIdempotentAsync(createKey, Routes.VirtualKeys, Body);
        var id = Text(created.Json.GetProperty("virtual_key"), "id");
        var rotated = await project.Client.PostIdempotentAsync(rotateKey, Routes.Rotate(id));
        for (var i = 0; i < 2; i++) (await project.Client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
        await RepeatsBoth();
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        await RepeatsBoth();

        Assert.Equal("revoked", await project.Client.VerifyAsync(rotated.Secret));
        ErrorAssert.IsError(await project.Client.PostIdempotentAsync(NewKey, Routes.Rotate(id)), 400, "virtual_key_revoked");

        async Task RepeatsBoth()
        {
            var state = (await project.Client.GetAsync(id)).Body;
            AssertReplayed(created, await project.Client.PostIdempotentAsync(createKey, Routes.VirtualKeys, Body));
            AssertReplayed(rotated, await project.Client.PostIdempotentAsync(rotateKey, Routes.Rotate(id)));
            Assert.Equal(state, (await project.Client.GetAsync(id)).Body);
        }
    }

    [Fact]
    public async Task A_replay_returns_the_original_API_key_without_making_an_expired_one_valid_again()
    {
        using var project = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var key = NewKey;
        var rotated = await admin.PostIdempotentAsync(key, Routes.RotateApiKey(project.Id));
        (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id))).EnsureStatus(HttpStatusCode.OK);
        (await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(project.Id))).EnsureStatus(HttpStatusCode.OK);

        AssertReplayed(rotated, await admin.PostIdempotentAsync(key, Routes.RotateApiKey(project.Id)));

        using var client = service.Process.CreateClient(Text(rotated.Json, "api_key"));
        ErrorAssert.IsError(await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys), 401, "unauthorized");
    }

    [Fact]
    public async Task A_replayed_secret_is_valid()
    {
        using var project = await service.CreateProjectAsync();
        var key = NewKey;
        var id = Text((await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body)).Json.GetProperty("virtual_key"), "id");
        var replayed = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body);
        Assert.Equal("active", await project.Client.VerifyAsync(replayed.Secret));
        Assert.Equal(id, Text(replayed.Json.GetProperty("virtual_key"), "id"));
        AssertVirtualKeyShape(replayed.Json.GetProperty("virtual_key"));
    }

    [Fact]
    public async Task Idempotency_keys_are_scoped_to_a_project()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        var key = NewKey;
        var own = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body);
        var others = await other.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body);
        AssertNotReplayed(own);
        AssertNotReplayed(others);
        Assert.Equal(project.Id, Text(own.Json.GetProperty("virtual_key"), "project_id"));
        Assert.Equal(other.Id, Text(others.Json.GetProperty("virtual_key"), "project_id"));
        Assert.NotEqual(own.Secret, others.Secret);

        var id = Text(own.Json.GetProperty("virtual_key"), "id");
        var rotateKey = NewKey;
        AssertNotReplayed(await project.Client.PostIdempotentAsync(rotateKey, Routes.Rotate(id)));
        ErrorAssert.IsError(await other.Client.PostIdempotentAsync(rotateKey, Routes.Rotate(id)), 404, "virtual_key_not_found");
    }

    [Fact]
    public async Task An_idempotency_key_can_rotate_several_virtual_keys_but_not_the_one_it_created()
    {
        using var project = await service.CreateProjectAsync();
        var key = NewKey;
        var created = await project.Client.PostIdempotentAsync(key, Routes.VirtualKeys, Body);
        var (other, _) = await project.Client.CreateAsync();
        var (third, _) = await project.Client.CreateAsync();

        var conflict = await project.Client.PostIdempotentAsync(key, Routes.Rotate(Text(created.Json.GetProperty("virtual_key"), "id")));
        ErrorAssert.IsError(conflict, 409, "idempotency_conflict");
        ApiResponse[] rotated = [await project.Client.PostIdempotentAsync(key, Routes.Rotate(other)), await project.Client.PostIdempotentAsync(key, Routes.Rotate(third))];
        Assert.All(rotated, AssertNotReplayed);
        Assert.NotEqual(rotated[0].Secret, rotated[1].Secret);
    }

    [Fact]
    public async Task A_refused_request_does_not_consume_its_idempotency_key()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var key = NewKey;
        var refused = await project.Client.PostIdempotentAsync(key, Routes.Rotate(id), """{"grace_period_seconds":-1}""");
        ErrorAssert.IsError(refused, 422, "validation_failed");
        AssertNotReplayed(await project.Client.PostIdempotentAsync(key, Routes.Rotate(id)));
    }

    [Fact]
    public async Task The_65th_idempotency_key_within_a_day_is_422_and_the_first_64_still_replay()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        const string atOnce = """{"grace_period_seconds":0}""";
        var keys = Enumerable.Range(0, 64).Select(_ => NewKey).ToArray();
        var answers = new List<ApiResponse>();
        foreach (var key in keys) answers.Add(await project.Client.PostIdempotentAsync(key, Routes.Rotate(id), atOnce));
        Assert.All(answers, AssertNotReplayed);
        var state = (await project.Client.GetAsync(id)).Body;

        var refused = await project.Client.PostIdempotentAsync(NewKey, Routes.Rotate(id), atOnce);

        ErrorAssert.IsError(refused, 422, "too_many_idempotency_keys");
        Assert.Equal(state, (await project.Client.GetAsync(id)).Body);
        foreach (var i in new[] { 0, 63 }) AssertReplayed(answers[i], await project.Client.PostIdempotentAsync(keys[i], Routes.Rotate(id), atOnce));
        Assert.Equal("active", await project.Client.VerifyAsync(answers[63].Secret));
        (await project.Client.RotateAsync(id)).EnsureStatus(HttpStatusCode.OK);
    }

    private static void AssertNotReplayed(ApiResponse answer)
    {
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Body);
        Assert.DoesNotContain("Idempotent-Replayed", answer.Headers.Keys);
    }

    private static void AssertReplayed(ApiResponse first, ApiResponse answer)
    {
        Assert.Equal(first.Status, answer.Status);
        Assert.Equal(first.Body, answer.Body);
        Assert.Equal("true", answer.Headers["Idempotent-Replayed"]);
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class ReplayOnSqliteTests(SqliteService service) : ReplayTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class ReplayOnPostgresTests(PostgresService service) : ReplayTests(service);
