using System.Net;
using System.Text.Json;
using KeysCluster.TestKit;
using KeysCluster.Validation;
using KeysCluster.VirtualKeys;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>
/// A key that is changed through one silo or front end at a time. After each change, its secrets are verified through
/// others and by the validator of an Orleans client.
/// </summary>
internal sealed class MixedVersionKey
{
    private readonly IVirtualKeyValidator _validator;
    private readonly string _firstSecret;
    private readonly string _idempotencyKey = Guid.NewGuid().ToString();
    private ApiResponse? _rotation;

    private MixedVersionKey(string id, string environment, string firstSecret, IVirtualKeyValidator validator) =>
        (Id, Environment, _firstSecret, _validator) = (id, environment, firstSecret, validator);

    public string Id { get; }

    public string Environment { get; }

    /// <summary>Whether the silo of the previous build has activated the key.</summary>
    public bool IsOnPreviousSilo { get; set; }

    public static async Task<MixedVersionKey> CreateAsync(
        KeysClient client, string environment, IVirtualKeyValidator validator)
    {
        var (id, secret) = await client.CreateAsync(environment: environment);
        return new MixedVersionKey(id, environment, secret, validator);
    }

    public Task AssertActiveAsync(params KeysClient[] clients) => AssertVerdictsAsync(clients, first: "active");

    /// <summary>
    /// Uses the key for the first time, and asserts that its grain receives the report, also from another build.
    /// </summary>
    public async Task AssertUseIsReportedAsync(KeysClient client)
    {
        Assert.Equal("active", await client.VerifyWithRetryAsync(_firstSecret));
        await Wait.UntilAsync(async () =>
        {
            var key = (await client.GetAsync(Id)).Json.GetProperty("virtual_key");
            return key.GetProperty("last_used_at").ValueKind == JsonValueKind.String;
        });
    }

    /// <summary>Rotates the key through one process, and asserts that both secrets are valid on others.</summary>
    public async Task RotateAsync(KeysClient through, params KeysClient[] clients)
    {
        _rotation = await through.PostIdempotentAsync(_idempotencyKey, Routes.Rotate(Id));
        _rotation.EnsureStatus(HttpStatusCode.OK);
        Assert.NotEqual(_firstSecret, _rotation.Secret);
        await AssertRotatedAsync(clients);
    }

    public async Task DisableAndEnableAsync(KeysClient disabling, KeysClient enabling, params KeysClient[] clients)
    {
        (await disabling.DisableAsync(Id)).EnsureStatus(HttpStatusCode.OK);
        await AssertVerdictsAsync(clients, first: "disabled", second: "disabled");
        (await enabling.EnableAsync(Id)).EnsureStatus(HttpStatusCode.OK);
        await AssertRotatedAsync(clients);
    }

    public async Task RevokeAsync(KeysClient through, params KeysClient[] clients)
    {
        (await through.RevokeAsync(Id)).EnsureStatus(HttpStatusCode.OK);
        await AssertVerdictsAsync(clients, first: "revoked", second: "revoked");
    }

    public Task AssertRotatedAsync(params KeysClient[] clients) =>
        AssertVerdictsAsync(clients, first: "retiring", second: "active");

    /// <summary>Repeats the rotation through other processes, which must return the first secret.</summary>
    public async Task AssertRotationReplayedAsync(params KeysClient[] clients)
    {
        foreach (var client in clients)
        {
            var replay = await client.PostIdempotentAsync(_idempotencyKey, Routes.Rotate(Id));
            replay.EnsureStatus(HttpStatusCode.OK);
            Assert.Equal("true", replay.Headers["Idempotent-Replayed"]);
            Assert.Equal(_rotation!.Secret, replay.Secret);
        }
    }

    private async Task AssertVerdictsAsync(KeysClient[] clients, string first, string? second = null)
    {
        await AssertVerdictAsync(clients, _firstSecret, first);
        if (second is not null) await AssertVerdictAsync(clients, _rotation!.Secret, second);
    }

    private async Task AssertVerdictAsync(KeysClient[] clients, string secret, string expected)
    {
        // A rotation waits for no cache: until the push arrives, a process may report the replaced secret as active.
        if (expected == "retiring")
        {
            foreach (var client in clients)
                await Wait.UntilAsync(async () => await client.VerifyWithRetryAsync(secret) == expected);
            await Wait.UntilAsync(async () => (await _validator.ValidateAsync(secret)).Code == VerdictCode.Retiring);
        }

        foreach (var client in clients) Assert.Equal(expected, await client.VerifyWithRetryAsync(secret));

        var verdict = await _validator.ValidateAsync(secret);
        Assert.Equal(expected, JsonNamingPolicy.SnakeCaseLower.ConvertName(verdict.Code.ToString()));
    }
}
