using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Samples.Tests;

public sealed class GatewayTests
{
    [Fact]
    public async Task The_gateway_follows_a_key_from_creation_to_revocation_on_a_real_cluster()
    {
        await using var postgres = await PostgresServer.CreateAsync();
        var cluster = new ClusterService(await postgres.CreateDatabaseAsync());
        await using var silo = await cluster.StartSiloAsync();
        using var rest = silo.CreateClient(await cluster.CreateProjectAsync(silo));
        await using var sample = GatewayFactory.OnCluster(cluster.ConnectionString);
        var (id, first) = await rest.CreateAsync();

        var created = await GetWhoAmIAsync(sample, first);
        created.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(id, created.Json.GetProperty("virtual_key_id").GetString());

        var rotation = await rest.RotateAsync(id);
        var second = rotation.Secret;
        (await GetWhoAmIAsync(sample, second)).EnsureStatus(HttpStatusCode.OK);
        var retiring = await GetWhoAmIAsync(sample, first);
        retiring.EnsureStatus(HttpStatusCode.OK);
        var deadline = rotation.Json.GetProperty("virtual_key").GetProperty("retiring_secrets")[0].GetProperty("valid_until").GetString();
        Assert.Equal($"code=\"retiring\", valid_until=\"{deadline}\"", retiring.Headers["Authentication-Info"]);

        (await rest.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        foreach (var secret in (string[])[first, second])
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetWhoAmIAsync(sample, secret)).Status);

        var (_, untold) = await rest.CreateAsync();
        await silo.KillAsync();
        var answer = await GetWhoAmIAsync(sample, untold);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("validation_unavailable", answer.ErrorCode);

        Assert.Contains("Revoked, key " + id, sample.Log.Text, StringComparison.Ordinal);
        foreach (var secret in (string[])[first, second, untold])
            Assert.DoesNotContain(secret["vk-lw-live_ABCDEF".Length..], sample.Log.Text, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<ApiResponse> GetWhoAmIAsync(GatewayFactory sample, string secret)
    {
        using var client = new KeysClient(sample.ClientOptions.BaseAddress, secret);
        return await client.SendAsync(HttpMethod.Get, "/whoami");
    }
}
