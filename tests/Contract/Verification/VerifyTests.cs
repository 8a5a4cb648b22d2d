using KeysCluster.Contract.Errors;
using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Verification;

public abstract class VerifyTests(TestService service)
{
    [Fact]
    public async Task The_current_secret_is_active_and_shows_its_key()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var verdict = await VerdictAsync(project, secret, valid: true, "active");
        HasShape(verdict.GetProperty("virtual_key"));
        Assert.Equal(id, Text(verdict.GetProperty("virtual_key"), "id"));
        Assert.Null(Instant(verdict, "valid_until"));
    }

    [Fact]
    public async Task A_replaced_secret_is_retiring_until_the_deadline_that_its_key_lists()
    {
        using var project = await service.NewProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;
        await project.Client.RotateAsync(id);
        var listed = (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key").GetProperty("retiring_secrets");

        foreach (var secret in new[] { first, second })
        {
            var verdict = await VerdictAsync(project, secret, valid: true, "retiring");
            Assert.Equal(id, Text(verdict.GetProperty("virtual_key"), "id"));
            var own = listed.EnumerateArray().Single(entry => Text(entry, "display_prefix") == secret[..17]);
            Assert.Equal(Text(own, "valid_until"), Text(verdict, "valid_until"));
        }
    }

    [Fact]
    public async Task Both_secrets_of_a_revoked_key_are_revoked()
    {
        using var project = await service.NewProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;
        await project.Client.RevokeAsync(id);
        foreach (var secret in new[] { first, second })
        {
            var verdict = await VerdictAsync(project, secret, valid: false, "revoked");
            Assert.Equal("revoked", Text(verdict.GetProperty("virtual_key"), "status"));
            Assert.Null(Instant(verdict, "valid_until"));
        }
    }

    [Fact]
    public async Task A_secret_of_another_projects_key_is_not_found()
    {
        using var project = await service.NewProjectAsync();
        using var other = await service.NewProjectAsync();
        var (_, secret) = await project.Client.CreateAsync();
        await ShowsNoKey(other, secret, "not_found");
        Assert.Equal("active", await project.Client.VerifyAsync(secret));
    }

    [Fact]
    public async Task Well_formed_secrets_that_nobody_has_are_not_found()
    {
        using var project = await service.NewProjectAsync();
        var (_, secret) = await project.Client.CreateAsync();
        await ShowsNoKey(project, SecretText.WithOtherRandom(secret), "not_found");
        await ShowsNoKey(project, SecretText.WithOtherOwner(secret), "not_found");
        await ShowsNoKey(project, SecretText.WithEnvironment(secret, "test"), "not_found");
    }

    [Fact]
    public async Task What_cannot_be_a_secret_is_malformed()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var typo = secret[..^1] + (secret[^1] == '0' ? '1' : '0');
        string[] texts =
        [
            "", " ", "x", id, project.ApiKey, typo, secret[..^1], secret + "0", " " + secret, secret + "\n",
            secret.ToLowerInvariant(), "Bearer " + secret, secret.Replace("live", "prod", StringComparison.Ordinal),
            "vk-lw-live_🔑", new string('A', 10_000), "\0",
        ];
        foreach (var text in texts) await ShowsNoKey(project, text, "malformed");
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"secret":null}"""), InlineData("""{"secret":1}"""), InlineData("""{"secret":["x"]}""")]
    [InlineData("""{"secret":{"a":"b"}}"""), InlineData("""{"secret":true}"""), InlineData("""{"Secret":"x"}""")]
    public async Task A_secret_that_is_missing_or_no_string_is_422(string body)
    {
        using var project = await service.NewProjectAsync();
        var answer = await project.Client.SendTextAsync(HttpMethod.Post, Routes.Verify, body);
        ErrorAssert.IsError(answer, 422, "validation_failed", naming: "secret");
    }

    [Fact]
    public async Task A_good_verdict_moves_last_used_at_and_no_revision()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        var before = (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");
        await project.Client.VerifyAsync(SecretText.WithOtherRandom(secret));
        Assert.Null(Instant((await project.Client.GetAsync(id)).Json.GetProperty("virtual_key"), "last_used_at"));
        await project.Client.VerifyAsync(secret);

        var after = (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");
        Assert.True(Instant(after, "last_used_at") >= Instant(before, "created_at"));
        Assert.Equal(Text(before, "revision"), Text(after, "revision"));
        Assert.Equal(Text(before, "updated_at"), Text(after, "updated_at"));
    }

    private static async Task ShowsNoKey(TestProject project, string secret, string code)
    {
        var verdict = await VerdictAsync(project, secret, valid: false, code);
        Assert.Equal(JsonValueKind.Null, verdict.GetProperty("virtual_key").ValueKind);
        Assert.Equal(JsonValueKind.Null, verdict.GetProperty("valid_until").ValueKind);
    }

    private static async Task<JsonElement> VerdictAsync(TestProject project, string secret, bool valid, string code)
    {
        var answer = await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret });
        answer.Expect(HttpStatusCode.OK);
        Assert.Equal(code, Text(answer.Json, "code"));
        Assert.Equal(valid, answer.Json.GetProperty("valid").GetBoolean());
        return answer.Json;
    }
}

[Collection(SqliteService.Storage)]
public sealed class VerifyOnSqliteTests(SqliteService service) : VerifyTests(service);

[Collection(PostgresService.Storage)]
public sealed class VerifyOnPostgresTests(PostgresService service) : VerifyTests(service);
