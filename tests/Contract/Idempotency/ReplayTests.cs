using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Idempotency;

/// <summary>What a replay answers when things have gone on, and how far an Idempotency-Key counts.</summary>
public abstract class ReplayTests(TestService service)
{
    private const string Body = """{"name":"n"}""";

    private static string NewKey => Guid.NewGuid().ToString();

    [Fact]
    public async Task After_later_rotations_and_a_revoke_a_replay_gives_the_first_answer()
    {
        using var project = await service.NewProjectAsync();
        var (createKey, rotateKey) = (NewKey, NewKey);
        var created = await project.Client.PostOnceAsync(createKey, Routes.VirtualKeys, Body);
        var id = Text(created.Json.GetProperty("virtual_key"), "id");
        var rotated = await project.Client.PostOnceAsync(rotateKey, Routes.Rotate(id));
        for (var i = 0; i < 2; i++) (await project.Client.RotateAsync(id)).Expect(HttpStatusCode.OK);
        await RepeatsBoth();
        (await project.Client.RevokeAsync(id)).Expect(HttpStatusCode.OK);
        await RepeatsBoth();

        Assert.Equal("revoked", await project.Client.VerifyAsync(rotated.Secret));
        ErrorAssert.IsError(await project.Client.PostOnceAsync(NewKey, Routes.Rotate(id)), 400, "virtual_key_revoked");

        async Task RepeatsBoth()
        {
            var state = (await project.Client.GetAsync(id)).Body;
            IsReplay(created, await project.Client.PostOnceAsync(createKey, Routes.VirtualKeys, Body));
            IsReplay(rotated, await project.Client.PostOnceAsync(rotateKey, Routes.Rotate(id)));
            Assert.Equal(state, (await project.Client.GetAsync(id)).Body);
        }
    }

    [Fact]
    public async Task After_later_rotations_and_a_cut_a_replay_gives_the_first_API_key_which_does_not_work()
    {
        using var project = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        var key = NewKey;
        var rotated = await admin.PostOnceAsync(key, Routes.RotateApiKey(project.Id));
        (await admin.SendAsync(HttpMethod.Post, Routes.RotateApiKey(project.Id))).Expect(HttpStatusCode.OK);
        (await admin.SendAsync(HttpMethod.Delete, Routes.RetiringApiKeys(project.Id))).Expect(HttpStatusCode.OK);

        IsReplay(rotated, await admin.PostOnceAsync(key, Routes.RotateApiKey(project.Id)));

        using var client = service.Process.CreateClient(Text(rotated.Json, "api_key"));
        ErrorAssert.IsError(await client.SendAsync(HttpMethod.Get, Routes.VirtualKeys), 401, "unauthorized");
    }

    [Fact]
    public async Task A_replayed_secret_works_as_the_first_one_did()
    {
        using var project = await service.NewProjectAsync();
        var key = NewKey;
        var id = Text((await project.Client.PostOnceAsync(key, Routes.VirtualKeys, Body)).Json.GetProperty("virtual_key"), "id");
        var replayed = await project.Client.PostOnceAsync(key, Routes.VirtualKeys, Body);
        Assert.Equal("active", await project.Client.VerifyAsync(replayed.Secret));
        Assert.Equal(id, Text(replayed.Json.GetProperty("virtual_key"), "id"));
        HasShape(replayed.Json.GetProperty("virtual_key"));
    }

    [Fact]
    public async Task Another_project_with_the_same_key_has_its_own()
    {
        using var project = await service.NewProjectAsync();
        using var other = await service.NewProjectAsync();
        var key = NewKey;
        var own = await project.Client.PostOnceAsync(key, Routes.VirtualKeys, Body);
        var others = await other.Client.PostOnceAsync(key, Routes.VirtualKeys, Body);
        IsNew(own);
        IsNew(others);
        Assert.Equal(project.Id, Text(own.Json.GetProperty("virtual_key"), "project_id"));
        Assert.Equal(other.Id, Text(others.Json.GetProperty("virtual_key"), "project_id"));
        Assert.NotEqual(own.Secret, others.Secret);

        var id = Text(own.Json.GetProperty("virtual_key"), "id");
        var rotateKey = NewKey;
        IsNew(await project.Client.PostOnceAsync(rotateKey, Routes.Rotate(id)));
        ErrorAssert.IsError(await other.Client.PostOnceAsync(rotateKey, Routes.Rotate(id)), 404, "virtual_key_not_found");
    }

    [Fact]
    public async Task The_same_key_rotates_each_virtual_key_once_and_not_the_one_that_it_created()
    {
        using var project = await service.NewProjectAsync();
        var key = NewKey;
        var created = await project.Client.PostOnceAsync(key, Routes.VirtualKeys, Body);
        var (other, _) = await project.Client.CreateAsync();
        var (third, _) = await project.Client.CreateAsync();

        var conflict = await project.Client.PostOnceAsync(key, Routes.Rotate(Text(created.Json.GetProperty("virtual_key"), "id")));
        ErrorAssert.IsError(conflict, 409, "idempotency_conflict");
        Answer[] rotated = [await project.Client.PostOnceAsync(key, Routes.Rotate(other)), await project.Client.PostOnceAsync(key, Routes.Rotate(third))];
        Assert.All(rotated, IsNew);
        Assert.NotEqual(rotated[0].Secret, rotated[1].Secret);
    }

    [Fact]
    public async Task A_refused_request_leaves_its_key_unused()
    {
        using var project = await service.NewProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        var key = NewKey;
        var refused = await project.Client.PostOnceAsync(key, Routes.Rotate(id), """{"grace_period_seconds":-1}""");
        ErrorAssert.IsError(refused, 422, "validation_failed");
        IsNew(await project.Client.PostOnceAsync(key, Routes.Rotate(id)));
    }

    [Fact]
    public async Task The_65th_key_within_a_day_is_422_and_the_64_before_it_still_count()
    {
        using var project = await service.NewProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        const string atOnce = """{"grace_period_seconds":0}""";
        var keys = Enumerable.Range(0, 64).Select(_ => NewKey).ToArray();
        var answers = new List<Answer>();
        foreach (var key in keys) answers.Add(await project.Client.PostOnceAsync(key, Routes.Rotate(id), atOnce));
        Assert.All(answers, IsNew);
        var state = (await project.Client.GetAsync(id)).Body;

        var refused = await project.Client.PostOnceAsync(NewKey, Routes.Rotate(id), atOnce);

        ErrorAssert.IsError(refused, 422, "too_many_idempotency_keys");
        Assert.Equal(state, (await project.Client.GetAsync(id)).Body);
        foreach (var i in new[] { 0, 63 }) IsReplay(answers[i], await project.Client.PostOnceAsync(keys[i], Routes.Rotate(id), atOnce));
        Assert.Equal("active", await project.Client.VerifyAsync(answers[63].Secret));
        (await project.Client.RotateAsync(id)).Expect(HttpStatusCode.OK);
    }

    private static void IsNew(Answer answer)
    {
        Assert.True(answer.Status is HttpStatusCode.OK or HttpStatusCode.Created, answer.Body);
        Assert.DoesNotContain("Idempotent-Replayed", answer.Headers.Keys);
    }

    private static void IsReplay(Answer first, Answer answer)
    {
        Assert.Equal(first.Status, answer.Status);
        Assert.Equal(first.Body, answer.Body);
        Assert.Equal("true", answer.Headers["Idempotent-Replayed"]);
    }
}

[Collection(SqliteService.Storage)]
public sealed class ReplayOnSqliteTests(SqliteService service) : ReplayTests(service);

[Collection(PostgresService.Storage)]
public sealed class ReplayOnPostgresTests(PostgresService service) : ReplayTests(service);
