using KeysCluster.Contract.Tests.Services;
using static KeysCluster.Contract.Tests.VirtualKeys.VirtualKeyAssert;

namespace KeysCluster.Contract.Tests.Verification;

/// <summary>The times of last use show whether a client still uses a replaced secret.</summary>
public abstract class LastUsedAtTests(TestService service)
{
    [Fact]
    public async Task Each_secret_has_its_own_last_used_at()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var second = (await project.Client.RotateAsync(id)).Secret;
        var third = (await project.Client.RotateAsync(id)).Secret;
        Assert.Equal([null, null, null], await GetLastUsedAsync(project, id));

        await project.Client.VerifyAsync(first);
        var afterFirst = await WaitUntilUsedAsync(project, id, number: 2);
        Assert.Null(afterFirst[0]);
        Assert.Null(afterFirst[1]);

        await project.Client.VerifyAsync(third);
        var afterThird = await WaitUntilUsedAsync(project, id, number: 0);
        Assert.True(afterThird[0] >= afterFirst[2]);
        Assert.Null(afterThird[1]);
        Assert.Equal(afterFirst[2], afterThird[2]);

        await project.Client.VerifyAsync(second);
        var afterSecond = await WaitUntilUsedAsync(project, id, number: 1);
        Assert.True(afterSecond[1] >= afterThird[0]);
        var key = await project.GetKeyAsync(id);
        Assert.Equal(afterSecond[1], Timestamp(key, "last_used_at"));
        Assert.Equal("3", Text(key, "revision"));
    }

    [Fact]
    public async Task A_retiring_secret_keeps_its_last_used_at_and_a_refused_use_does_not_change_it()
    {
        using var project = await service.CreateProjectAsync();
        var (id, secret) = await project.Client.CreateAsync();
        await project.Client.VerifyAsync(secret);
        var lastUsed = (await WaitUntilUsedAsync(project, id, number: 0))[0];

        var rotated = (await project.Client.RotateAsync(id)).VirtualKey;
        Assert.Null(Timestamp(rotated, "secret_last_used_at"));
        Assert.Equal(lastUsed, Timestamp(rotated, "last_used_at"));
        Assert.Equal(lastUsed, Timestamp(GetRetiringSecrets(rotated)[0], "last_used_at"));

        (await project.Client.DisableAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal("disabled", await project.Client.VerifyAsync(secret));
        Assert.Equal([null, lastUsed], await GetLastUsedAsync(project, id));
    }

    [Fact]
    public async Task The_secret_id_of_a_verdict_is_that_of_the_matching_secret_or_null()
    {
        using var project = await service.CreateProjectAsync();
        var (id, first) = await project.Client.CreateAsync();
        var firstId = Text(await project.GetKeyAsync(id), "secret_id");
        Assert.Equal(firstId, await GetMatchedSecretIdAsync(project, first));
        var second = (await project.Client.RotateAsync(id)).Secret;
        var key = await project.GetKeyAsync(id);
        Assert.NotEqual(firstId, Text(key, "secret_id"));
        Assert.Equal(firstId, Text(GetRetiringSecrets(key)[0], "id"));

        Assert.Equal(firstId, await GetMatchedSecretIdAsync(project, first));
        Assert.Equal(Text(key, "secret_id"), await GetMatchedSecretIdAsync(project, second));
        (await project.Client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(firstId, await GetMatchedSecretIdAsync(project, first));
        string[] unknown = [ForgedSecret.WithDifferentRandomPart(first), ForgedSecret.WithDifferentOwner(first), "x"];
        foreach (var text in unknown) Assert.Null(await GetMatchedSecretIdAsync(project, text));
    }

    private static async Task<string?> GetMatchedSecretIdAsync(TestProject project, string secret)
    {
        var verdict = await project.GetVerdictAsync(secret);
        Assert.Equal(
            [
                "code", "external_id", "missing_permissions", "principal_user_id", "secret_id", "valid", "valid_until",
                "virtual_key", "virtual_key_id",
            ],
            verdict.EnumerateObject().Select(member => member.Name).Order());
        return TextOrNull(verdict, "secret_id");
    }

    /// <summary>Waits until the use of a secret is recorded, and returns the last use of each one.</summary>
    private static async Task<DateTimeOffset?[]> WaitUntilUsedAsync(TestProject project, string id, int number)
    {
        DateTimeOffset?[] lastUsed = [];
        await Wait.UntilAsync(async () => (lastUsed = await GetLastUsedAsync(project, id))[number] is not null);
        return lastUsed;
    }

    /// <summary>Returns the last use of the current secret, then of each retiring one, newest first.</summary>
    private static async Task<DateTimeOffset?[]> GetLastUsedAsync(TestProject project, string id)
    {
        var key = await project.GetKeyAsync(id);
        return
        [
            Timestamp(key, "secret_last_used_at"),
            .. GetRetiringSecrets(key).Select(secret => Timestamp(secret, "last_used_at")),
        ];
    }
}
