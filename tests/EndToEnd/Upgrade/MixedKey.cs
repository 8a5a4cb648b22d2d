using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Upgrade;

/// <summary>A key that is changed through one node, and each change then seen through both.</summary>
internal sealed class MixedKey
{
    private const string VirtualKeys = "/api/gateway/v1/virtual-keys";

    private readonly string _rotation = Guid.NewGuid().ToString();
    private readonly string _first;
    private Answer? _rotated;

    private MixedKey(string id, string first) => (Id, _first) = (id, first);

    public string Id { get; }

    private string Path => $"{VirtualKeys}/{Id}";

    public static async Task<MixedKey> CreateAsync(KeysClient client)
    {
        var (id, secret) = await client.CreateAsync();
        return new MixedKey(id, secret);
    }

    /// <summary>Leaves it with a retiring secret and an active one.</summary>
    public async Task LeadAsync(KeysClient through, KeysClient other)
    {
        KeysClient[] both = [through, other];
        await VerdictsAsync(both, first: "active");

        _rotated = await through.PostOnceAsync(_rotation, $"{Path}/rotate");
        _rotated.Expect(HttpStatusCode.OK);
        await StandsAsync(both);

        (await other.SendAsync(HttpMethod.Post, $"{Path}/disable")).Expect(HttpStatusCode.OK);
        await VerdictsAsync(both, first: "disabled", second: "disabled");
        (await through.SendAsync(HttpMethod.Post, $"{Path}/enable")).Expect(HttpStatusCode.OK);
        await StandsAsync(both);
    }

    /// <summary>Both secrets are good, and the rotation's receipt gives its answer, through every node.</summary>
    public async Task StandsAsync(params KeysClient[] clients)
    {
        await VerdictsAsync(clients, first: "retiring", second: "active");
        foreach (var client in clients)
        {
            var replay = await client.PostOnceAsync(_rotation, $"{Path}/rotate");
            replay.Expect(HttpStatusCode.OK);
            Assert.Equal("true", replay.Headers["Idempotent-Replayed"]);
            Assert.Equal(_rotated!.Body, replay.Body);
        }
    }

    public async Task RevokeAsync(KeysClient through, params KeysClient[] clients)
    {
        (await through.RevokeAsync(Id)).Expect(HttpStatusCode.OK);
        await VerdictsAsync(clients, first: "revoked", second: "revoked");
    }

    private async Task VerdictsAsync(KeysClient[] clients, string first, string? second = null)
    {
        foreach (var client in clients)
        {
            Assert.Equal(first, await client.VerifyWhenAvailableAsync(_first));
            if (second is not null) Assert.Equal(second, await client.VerifyWhenAvailableAsync(_rotated!.Secret));
        }
    }
}
