using KeysCluster.Contract.Services;
using KeysCluster.TestKit;

namespace KeysCluster.Contract.Rotation;

/// <summary>Every answer of rotate, held against the contract's file.</summary>
public abstract class RotateResponseTests(TestService service)
{
    [Theory]
    [InlineData("""{"name":"bare"}""", "vk-lw-live_")]
    [InlineData("""{"name":"live","environment":"live","description":null,"principal_user_id":null}""", "vk-lw-live_")]
    [InlineData("""{"name":"test","environment":"test","description":"what for","principal_user_id":"user_1"}""", "vk-lw-test_")]
    [InlineData("""{"name":"full","environment":"live","description":"","principal_user_id":"u","provider_credential_ids":["b","a"]}""", "vk-lw-live_")]
    public async Task The_responses_to_the_first_and_second_rotation_match_the_contract(string key, string prefix)
    {
        using var project = await service.CreateProjectAsync();
        var created = await project.Client.SendTextAsync(HttpMethod.Post, Routes.VirtualKeys, key);
        created.EnsureStatus(HttpStatusCode.Created);
        await AssertMatchesContractAsync(created, 201, schema: 200);
        var before = created.Json.GetProperty("virtual_key");

        foreach (var revision in new[] { "2", "3" })
        {
            var answer = await project.Client.RotateAsync(before.GetProperty("id").GetString()!);
            await AssertMatchesContractAsync(answer, 200);
            var after = answer.Json.GetProperty("virtual_key");
            Assert.StartsWith(prefix, answer.Secret, StringComparison.Ordinal);
            Assert.StartsWith(after.GetProperty("display_prefix").GetString()!, answer.Secret, StringComparison.Ordinal);
            Assert.Equal(revision, after.GetProperty("revision").GetString());
            foreach (var member in new[] { "id", "name", "description", "environment", "principal_user_id", "created_at" })
                Assert.Equal(before.GetProperty(member).GetString(), after.GetProperty(member).GetString());
        }
    }

    [Fact]
    public async Task The_response_to_rotating_a_used_key_matches_the_contract()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
        var answer = await project.Client.RotateAsync(id);
        await AssertMatchesContractAsync(answer, 200);
        Assert.NotNull(answer.Json.GetProperty("virtual_key").GetProperty("last_used_at").GetString());
    }

    [Fact]
    public async Task A_body_that_is_not_JSON_is_400_and_does_not_rotate()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var answer = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), "{not json");
        await AssertMatchesContractAsync(answer, 400);
        Assert.Equal("malformed_json", answer.ErrorCode);
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task A_revoked_key_is_400()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        var answer = await project.Client.RotateAsync(id);
        await AssertMatchesContractAsync(answer, 400);
        Assert.Equal("virtual_key_revoked", answer.ErrorCode);
    }

    [Theory]
    [InlineData(null), InlineData("sk-lw-wrong"), InlineData("vk-lw-live_wrong")]
    public async Task A_missing_or_wrong_API_key_is_401(string? apiKey)
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        using var stranger = service.Process.CreateClient(apiKey);
        await AssertMatchesContractAsync(await stranger.RotateAsync(id), 401);
    }

    [Fact]
    public async Task A_rotation_beyond_32_retiring_secrets_is_422()
    {
        using var project = await service.CreateProjectAsync();
        var (id, _) = await project.Client.CreateAsync();
        for (var i = 0; i < 32; i++) await AssertMatchesContractAsync(await project.Client.RotateAsync(id), 200);
        var answer = await project.Client.RotateAsync(id);
        await AssertMatchesContractAsync(answer, 422);
        Assert.Equal("too_many_retiring_secrets", answer.ErrorCode);
    }

    [Fact]
    public async Task Statuses_outside_the_contract_match_its_error_schema()
    {
        using var project = await service.CreateProjectAsync();
        using var other = await service.CreateProjectAsync();
        using var admin = service.CreateAdminClient();
        var (id, _) = await project.Client.CreateAsync();
        await AssertMatchesContractAsync(await project.Client.RotateAsync("vk_00000000000000000000000000"), 404);
        await AssertMatchesContractAsync(await project.Client.RotateAsync("no-id"), 404);
        await AssertMatchesContractAsync(await other.Client.RotateAsync(id), 404);
        await AssertMatchesContractAsync(await admin.RotateAsync(id), 403);
        await AssertMatchesContractAsync(await project.Client.SendAsync(HttpMethod.Get, Routes.Rotate(id)), 405);
        await AssertMatchesContractAsync(await project.Client.SendTextAsync(HttpMethod.Post, Routes.Rotate(id), "{}", "text/plain"), 415);
        await AssertMatchesContractAsync(await project.Client.SendBytesAsync(HttpMethod.Post, Routes.Rotate(id), new byte[70_000]), 413);
    }

    private static async Task AssertMatchesContractAsync(ApiResponse answer, int status, int? schema = null)
    {
        Assert.Equal(status, (int)answer.Status);
        Assert.StartsWith("application/json", answer.Headers["Content-Type"], StringComparison.Ordinal);
        var contract = await RotateContract.LoadAsync();
        Assert.Empty(contract.GetViolations(schema ?? status, answer.Body));
    }
}

[Collection(SqliteService.CollectionName)]
public sealed class RotateResponseOnSqliteTests(SqliteService service) : RotateResponseTests(service);

[Collection(PostgresService.CollectionName)]
public sealed class RotateResponseOnPostgresTests(PostgresService service) : RotateResponseTests(service);
