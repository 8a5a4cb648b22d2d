using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests;

public sealed class ClusterTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Silos_started_concurrently_on_an_empty_database_form_one_cluster_with_a_front_end()
    {
        var cluster = await postgres.CreateClusterAsync();
        var nodes = await Task.WhenAll(cluster.StartSiloAsync(), cluster.StartSiloAsync());
        await using var a = nodes[0];
        await using var b = nodes[1];
        await using var api = await cluster.StartFrontEndAsync();
        var apiKey = await cluster.CreateProjectAsync(api);
        using var onA = a.CreateClient(apiKey);
        using var onB = b.CreateClient(apiKey);
        using var onApi = api.CreateClient(apiKey);

        for (var i = 0; i < 10; i++)
        {
            var (id, first) = await onA.CreateAsync($"key {i}");
            var second = (await onApi.RotateAsync(id)).Secret;
            foreach (var client in (KeysClient[])[onA, onB, onApi])
            {
                Assert.Equal("retiring", await client.VerifyAsync(first));
                Assert.Equal("active", await client.VerifyAsync(second));
            }

            (await onB.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
            foreach (var client in (KeysClient[])[onA, onB, onApi])
                Assert.Equal("revoked", await client.VerifyAsync(second));
        }

        var list = await onApi.SendAsync(HttpMethod.Get, "/api/gateway/v1/virtual-keys?limit=3");
        Assert.Equal(3, list.Json.GetProperty("data").GetArrayLength());
        Assert.Equal("key 9", list.Json.GetProperty("data")[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_front_end_started_before_its_cluster_waits_for_it()
    {
        var cluster = await postgres.CreateClusterAsync();
        var starting = cluster.StartFrontEndAsync();
        await using var node = await cluster.StartSiloAsync();
        await using var api = await starting;

        Assert.Contains("The cluster cannot be reached yet", api.Output, StringComparison.Ordinal);
        await cluster.CreateProjectAsync(api);
    }

    [Fact]
    public async Task An_Orleans_client_validates_secrets_with_the_client_validator()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var node = await cluster.StartSiloAsync();
        var apiKey = await cluster.CreateProjectAsync(node);
        using var client = node.CreateClient(apiKey);
        var (id, secret) = await client.CreateAsync();

        await using var service = await ValidatingClient.StartAsync(cluster.ConnectionString);
        var good = await service.Validator.ValidateAsync(secret);
        var malformed = await service.Validator.ValidateAsync(secret + "0");
        await client.RevokeAsync(id);
        var revoked = await service.Validator.ValidateAsync(secret);

        Assert.True(good.IsValid);
        Assert.Equal(id, good.Key!.Id.ToString());
        Assert.Equal(VirtualKeys.VerdictCode.Malformed, malformed.Code);
        Assert.Equal(VirtualKeys.VerdictCode.Revoked, revoked.Code);
    }

    [Fact]
    public async Task A_silo_whose_pepper_does_not_match_the_database_refuses_to_start()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var node = await new ClusterService(database).StartSiloAsync();

        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", new ClusterService(database).CreateSettings());

        Assert.Equal(1, exitCode);
        Assert.Contains("not the one that this database was written with", output, StringComparison.Ordinal);
    }
}
