using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.Samples.Tests;

public sealed class GatewayTests
{
    [Fact]
    public async Task On_a_real_cluster_the_sample_follows_a_key_through_its_life()
    {
        await using var postgres = await PostgresServer.CreateAsync();
        var cluster = new ClusterService(await postgres.CreateDatabaseAsync());
        await using var silo = await cluster.StartSiloAsync();
        using var rest = silo.CreateClient(await cluster.CreateProjectAsync(silo));
        await using var sample = Sample.On(cluster.ConnectionString);
        var (id, first) = await rest.CreateAsync();

        var created = await Whoami(sample, first);
        created.Expect(HttpStatusCode.OK);
        Assert.Equal(id, created.Json.GetProperty("virtual_key_id").GetString());

        var rotation = await rest.RotateAsync(id);
        var second = rotation.Secret;
        (await Whoami(sample, second)).Expect(HttpStatusCode.OK);
        var retiring = await Whoami(sample, first);
        retiring.Expect(HttpStatusCode.OK);
        var deadline = rotation.Json.GetProperty("virtual_key").GetProperty("retiring_secrets")[0].GetProperty("valid_until").GetString();
        Assert.Equal($"code=\"retiring\", valid_until=\"{deadline}\"", retiring.Headers["Authentication-Info"]);

        (await rest.RevokeAsync(id)).Expect(HttpStatusCode.OK);
        foreach (var secret in (string[])[first, second])
            Assert.Equal(HttpStatusCode.Unauthorized, (await Whoami(sample, secret)).Status);

        var (_, untold) = await rest.CreateAsync();
        await silo.KillAsync();
        var answer = await Whoami(sample, untold);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.Status);
        Assert.Equal("validation_unavailable", answer.Error);

        Assert.Contains("Revoked, key " + id, sample.Log.Text, StringComparison.Ordinal);
        foreach (var secret in (string[])[first, second, untold])
            Assert.DoesNotContain(secret["vk-lw-live_ABCDEF".Length..], sample.Log.Text, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<Answer> Whoami(Sample sample, string secret)
    {
        using var client = new KeysClient(sample.ClientOptions.BaseAddress, secret);
        return await client.SendAsync(HttpMethod.Get, "/whoami");
    }
}
