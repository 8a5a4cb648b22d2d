using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Samples.Tests;

[Trait("Requires", "PostgreSQL")]
public sealed class GatewayTests
{
    [Fact]
    public async Task The_gateway_follows_a_key_from_creation_to_revocation_on_a_real_cluster()
    {
        await using var postgres = await PostgresServer.CreateAsync();
        var cluster = await ClusterService.CreateWithRolesAsync(postgres);
        await using var silo = await cluster.StartSiloAsync();
        using var client = silo.CreateClient(await cluster.CreateProjectAsync(silo));
        await using var gateway = GatewayFactory.OnCluster(cluster.GatewaysConnectionString);
        var (id, first) = await client.CreateAsync();

        var created = await GetWhoAmIAsync(gateway, first);
        created.EnsureStatus(HttpStatusCode.OK);
        Assert.Equal(id, created.Json.GetProperty("virtual_key_id").GetString());

        var rotation = await client.RotateAsync(id);
        var second = rotation.Secret;
        (await GetWhoAmIAsync(gateway, second)).EnsureStatus(HttpStatusCode.OK);
        var retiring = await GetWhoAmIAsync(gateway, first);
        retiring.EnsureStatus(HttpStatusCode.OK);
        var replaced = rotation.Json.GetProperty("virtual_key").GetProperty("retiring_secrets")[0];
        var deadline = replaced.GetProperty("valid_until").GetString();
        Assert.Equal($"code=\"retiring\", valid_until=\"{deadline}\"", retiring.Headers["Authentication-Info"]);

        (await client.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
        foreach (var secret in (string[])[first, second])
            Assert.Equal(HttpStatusCode.Unauthorized, (await GetWhoAmIAsync(gateway, secret)).Status);

        var (_, uncached) = await client.CreateAsync();
        await silo.KillAsync();
        var response = await GetWhoAmIAsync(gateway, uncached);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.Status);
        Assert.Equal("validation_unavailable", response.ErrorCode);

        Assert.Contains("Revoked, key " + id, gateway.Log.Text, StringComparison.Ordinal);
        foreach (var secret in (string[])[first, second, uncached])
        {
            var hiddenPart = secret["vk-lw-live_ABCDEF".Length..];
            Assert.DoesNotContain(hiddenPart, gateway.Log.Text, StringComparison.OrdinalIgnoreCase);
        }
    }

    private static async Task<ApiResponse> GetWhoAmIAsync(GatewayFactory gateway, string secret)
    {
        using var client = new KeysClient(gateway.ClientOptions.BaseAddress, secret);
        return await client.SendAsync(HttpMethod.Get, "/whoami");
    }
}
