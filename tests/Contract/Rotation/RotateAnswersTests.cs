using KeysCluster.Contract.Services;

namespace KeysCluster.Contract.Rotation;

/// <summary>Every answer of rotate, held against the contract's file.</summary>
public abstract class RotateAnswersTests(TestService service)
{
    [Theory]
    [InlineData("""{"name":"bare"}""", "vk-lw-live_")]
    [InlineData("""{"name":"live","environment":"live","description":null,"principal_user_id":null}""", "vk-lw-live_")]
    [InlineData("""{"name":"test","environment":"test","description":"what for","principal_user_id":"user_1"}""", "vk-lw-test_")]
    [InlineData("""{"name":"full","environment":"live","description":"","principal_user_id":"u","provider_credential_ids":["b","a"]}""", "vk-lw-live_")]
    public async Task The_first_and_the_second_rotation_answer_as_the_contract_says(string key, string prefix)
    {
        using var project = await service.NewProjectAsync();
        var created = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, key);
        created.Expect(HttpStatusCode.Created);
        await Fits(created, 201, schema: 200);
        var before = created.Json.GetProperty("virtual_key");

        foreach (var revision in new[] { "2", "3" })
        {
            var answer = await project.Client.RotateAsync(before.GetProperty("id").GetString()!);
            await Fits(answer, 200);
            var after = answer.Json.GetProperty("virtual_key");
            Assert.StartsWith(prefix, answer.Secret, StringComparison.Ordinal);
            Assert.StartsWith(after.GetProperty("display_prefix").GetString()!, answer.Secret, StringComparison.Ordinal);
            Assert.Equal(revision, after.GetProperty("revision").GetString());
            foreach (var member in new[] { "id", "name", "description", "environment", "principal_user_id", "created_at" })
                Assert.Equal(before.GetProperty(member).GetString(), after.GetProperty(member).GetString());
        }
    }

    [Fact]
    public async Task A_rotation_after_a_use_answers_as_the_contract_says()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
        var answer = await project.Client.RotateAsync(id);
        await Fits(answer, 200);
        Assert.NotNull(answer.Json.GetProperty("virtual_key").GetProperty("last_used_at").GetString());
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_400_and_does_not_rotate()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var answer = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), "{not json");
        await Fits(answer, 400);
        Assert.Equal("malformed_json", answer.Error);
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_revoked_key_is_400()
    {
        using var project = await service.NewProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        (await project.Client.RevokeAsync(id)).Expect(HttpStatusCode.OK);
        var answer = await project.Client.RotateAsync(id);
        await Fits(answer, 400);
        Assert.Equal("virtual_key_revoked", answer.Error);
    }

    [Theory]
    [InlineData(null), InlineData("sk-lw-wrong"), InlineData("vk-lw-live_wrong")]
    public async Task No_API_key_and_a_wrong_one_are_401(string? apiKey)
    {
        using var project = await service.NewProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        using var stranger = service.Process.CreateClient(apiKey);
        await Fits(await stranger.RotateAsync(id), 401);
    }

    [Fact]
    public async Task One_retiring_secret_too_many_is_422()
    {
        using var project = await service.NewProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        for (var i = 0; i < 32; i++) await Fits(await project.Client.RotateAsync(id), 200);
        var answer = await project.Client.RotateAsync(id);
        await Fits(answer, 422);
        Assert.Equal("too_many_retiring_secrets", answer.Error);
    }

    [Fact]
    public async Task Statuses_that_the_contract_does_not_know_fit_its_error_schema()
    {
        using var project = await service.NewProjectAsync();
        using var other = await service.NewProjectAsync();
        using var admin = service.CreateAdmin();
        var (id, _) = await project.Client.CreateAsync();
        await Fits(await project.Client.RotateAsync("vk_00000000000000000000000000"), 404);
        await Fits(await project.Client.RotateAsync("no-id"), 404);
        await Fits(await other.Client.RotateAsync(id), 404);
        await Fits(await admin.RotateAsync(id), 403);
        await Fits(await project.Client.SendAsync(HttpMethod.Get, Routes.Rotate(id)), 405);
        await Fits(await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), "{}", "text/plain"), 415);
        await Fits(await project.Client.SendBytesAsync(HttpMethod.Post, Routes.Rotate(id), new byte[70_000]), 413);
    }

    private static async Task Fits(Answer answer, int status, int? schema = null)
    {
        Assert.Equal(status, (int)answer.Status);
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        var contract = await RotateContract.LoadAsync();
        Assert.Empty(contract.Violations(schema ?? status, answer.Body));
    }
}

[Collection(SqliteService.Storage)]
public sealed class RotateAnswersOnSqliteTests(SqliteService service) : RotateAnswersTests(service);

[Collection(PostgresService.Storage)]
public sealed class RotateAnswersOnPostgresTests(PostgresService service) : RotateAnswersTests(service);
