using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>A key that is changed through one node, and each change then seen through both.</summary>
internal sealed class MixedVersionKey
{
    private const string VirtualKeys = "/api/gateway/v1/virtual-keys";

    private readonly string _idempotencyKey = Guid.NewGuid().ToString();
    private readonly string _firstSecret;
    private ApiResponse? _rotationResponse;

    private MixedVersionKey(string id, string first) => (Id, _firstSecret) = (id, first);

    public string Id { get; }

    private string Path => $"{VirtualKeys}/{Id}";

    public static async Task<MixedVersionKey> CreateAsync(KeysClient client)
    {
        var (id, secret) = await client.CreateAsync();
        return new MixedVersionKey(id, secret);
    }

    /// <summary>Leaves it with a retiring secret and an active one.</summary>
    public async Task RotateDisableAndEnableAsync(KeysClient through, KeysClient other)
    {
        KeysClient[] both = [through, other];
        await AssertVerdictsAsync(both, first: "active");

        _rotationResponse = await through.PostIdempotentAsync(_idempotencyKey, $"{Path}/rotate");
        _rotationResponse.EnsureStatus(HttpStatusCode.OK);
        await AssertRotatedAsync(both);

        (await other.SendAsync(HttpMethod.Post, $"{Path}/disable")).EnsureStatus(HttpStatusCode.OK);
        await AssertVerdictsAsync(both, first: "disabled", second: "disabled");
        (await through.SendAsync(HttpMethod.Post, $"{Path}/enable")).EnsureStatus(HttpStatusCode.OK);
        await AssertRotatedAsync(both);
    }

    /// <summary>Both secrets are good, and the rotation's receipt gives its answer, through every node.</summary>
    public async Task AssertRotatedAsync(params KeysClient[] clients)
    {
        await AssertVerdictsAsync(clients, first: "retiring", second: "active");
        foreach (var client in clients)
        {
            var replay = await client.PostIdempotentAsync(_idempotencyKey, $"{Path}/rotate");
            replay.EnsureStatus(HttpStatusCode.OK);
            Assert.Equal("true", replay.Headers["Idempotent-Replayed"]);
            Assert.Equal(_rotationResponse!.Body, replay.Body);
        }
    }

    public async Task RevokeAsync(KeysClient through, params KeysClient[] clients)
    {
        (await through.RevokeAsync(Id)).EnsureStatus(HttpStatusCode.OK);
        await AssertVerdictsAsync(clients, first: "revoked", second: "revoked");
    }

    private async Task AssertVerdictsAsync(KeysClient[] clients, string first, string? second = null)
    {
        foreach (var client in clients)
        {
            Assert.Equal(first, await client.VerifyWithRetryAsync(_firstSecret));
            if (second is not null) Assert.Equal(second, await client.VerifyWithRetryAsync(_rotationResponse!.Secret));
        }
    }
}
