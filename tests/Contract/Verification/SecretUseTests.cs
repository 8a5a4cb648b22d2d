using KeysCluster.Contract.Services;
using static KeysCluster.Contract.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Verification;

/// <summary>Who still uses the old secret.</summary>
public abstract class SecretUseTests(TestService service)
{
    [Fact]
    public async Task Each_secret_has_a_last_use_of_its_own()
    {
        using var project = await service.NewProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;
        var third = (await project.Client.RotateAsync(id)).Secret;
        Assert.Equal([null, null, null], await UsesAsync(project, id));

        await project.Client.VerifyAsync(first);
        var afterFirst = await UsesAsync(project, id);
        Assert.Null(afterFirst[0]);
        Assert.Null(afterFirst[1]);
        Assert.NotNull(afterFirst[2]);

        await project.Client.VerifyAsync(third);
        var afterThird = await UsesAsync(project, id);
        Assert.True(afterThird[0] >= afterFirst[2]);
        Assert.Null(afterThird[1]);
        Assert.Equal(afterFirst[2], afterThird[2]);

        await project.Client.VerifyAsync(second);
        var afterSecond = await UsesAsync(project, id);
        Assert.True(afterSecond[1] >= afterThird[0]);
        var key = await KeyAsync(project, id);
        Assert.Equal(afterSecond[1], Instant(key, "last_used_at"));
        Assert.Equal("3", Text(key, "revision"));
    }

    [Fact]
    public async Task A_use_goes_with_its_secret_into_retirement_and_a_refused_one_is_none()
    {
        using var project = await service.NewProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        await project.Client.VerifyAsync(secret);
        var used = Instant(await KeyAsync(project, id), "secret_last_used_at");
        Assert.NotNull(used);

        var rotated = (await project.Client.RotateAsync(id)).Json.GetProperty("virtual_key");
        Assert.Null(Instant(rotated, "secret_last_used_at"));
        Assert.Equal(used, Instant(rotated, "last_used_at"));
        Assert.Equal(used, Instant(rotated.GetProperty("retiring_secrets")[0], "last_used_at"));

        (await project.Client.SendAsync(HttpMethod.Post, Routes.Disable(id))).Expect(HttpStatusCode.OK);
        Assert.Equal("disabled", await project.Client.VerifyAsync(secret));
        Assert.Equal([null, used], await UsesAsync(project, id));
    }

    [Fact]
    public async Task A_verdict_names_the_secret_that_matched()
    {
        using var project = await service.NewProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var firstId = Text(await KeyAsync(project, id), "secret_id");
        Assert.Equal(firstId, await MatchedAsync(project, first));
        var second = (await project.Client.RotateAsync(id)).Secret;
        var key = await KeyAsync(project, id);
        Assert.NotEqual(firstId, Text(key, "secret_id"));
        Assert.Equal(firstId, Text(key.GetProperty("retiring_secrets")[0], "id"));

        Assert.Equal(firstId, await MatchedAsync(project, first));
        Assert.Equal(Text(key, "secret_id"), await MatchedAsync(project, second));
        (await project.Client.RevokeAsync(id)).Expect(HttpStatusCode.OK);
        Assert.Equal(firstId, await MatchedAsync(project, first));
        foreach (var text in new[] { SecretText.WithOtherRandom(first), SecretText.WithOtherOwner(first), "x" })
            Assert.Null(await MatchedAsync(project, text));
    }

    private static async Task<string?> MatchedAsync(TestProject project, string secret)
    {
        var answer = await project.Client.SendAsync(HttpMethod.Post, Routes.Verify, new { secret });
        answer.Expect(HttpStatusCode.OK);
        Assert.Equal(
            ["code", "secret_id", "valid", "valid_until", "virtual_key"],
            answer.Json.EnumerateObject().Select(member => member.Name).Order());
        return TextOrNull(answer.Json, "secret_id");
    }

    /// <summary>The last use of the current secret, then of each replaced one, latest replaced first.</summary>
    private static async Task<DateTimeOffset?[]> UsesAsync(TestProject project, string id)
    {
        var key = await KeyAsync(project, id);
        return
        [
            Instant(key, "secret_last_used_at"),
            .. key.GetProperty("retiring_secrets").EnumerateArray().Select(secret => Instant(secret, "last_used_at")),
        ];
    }

    private static async Task<JsonElement> KeyAsync(TestProject project, string id) =>
        (await project.Client.GetAsync(id)).Json.GetProperty("virtual_key");
}

[Collection(SqliteService.Storage)]
public sealed class SecretUseOnSqliteTests(SqliteService service) : SecretUseTests(service);

[Collection(PostgresService.Storage)]
public sealed class SecretUseOnPostgresTests(PostgresService service) : SecretUseTests(service);
