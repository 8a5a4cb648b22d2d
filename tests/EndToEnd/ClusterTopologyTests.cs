using System.Net;
using KeysCluster.TestKit;
using KeysCluster.VirtualKeys;

namespace KeysCluster.EndToEnd.Tests;

public sealed class ClusterTopologyTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task Silos_started_concurrently_on_an_empty_database_form_one_cluster_with_a_front_end()
    {
        var cluster = await postgres.CreateClusterAsync();
        var silos = await Task.WhenAll(cluster.StartSiloAsync(), cluster.StartSiloAsync());
        await using var firstSilo = silos[0];
        await using var secondSilo = silos[1];
        await using var frontEnd = await cluster.StartFrontEndAsync();
        var apiKey = await cluster.CreateProjectAsync(frontEnd);
        using var firstClient = firstSilo.CreateClient(apiKey);
        using var secondClient = secondSilo.CreateClient(apiKey);
        using var frontEndClient = frontEnd.CreateClient(apiKey);
        KeysClient[] clients = [firstClient, secondClient, frontEndClient];

        for (var i = 0; i < 10; i++)
        {
            var (id, replaced) = await firstClient.CreateAsync($"key {i}");
            var current = (await frontEndClient.RotateAsync(id)).Secret;
            foreach (var client in clients)
            {
                Assert.Equal("retiring", await client.VerifyAsync(replaced));
                Assert.Equal("active", await client.VerifyAsync(current));
            }

            (await secondClient.RevokeAsync(id)).EnsureStatus(HttpStatusCode.OK);
            foreach (var client in clients) Assert.Equal("revoked", await client.VerifyAsync(current));
        }

        // Ten keys were created, rotated and revoked, after their project was created.
        var events = await frontEndClient.SendAsync(HttpMethod.Get, $"{Routes.Events}?limit=200");
        Assert.Equal(31, events.Json.GetProperty("data").GetArrayLength());
        Assert.False(events.Json.GetProperty("has_more").GetBoolean());

        var list = (await frontEndClient.ListAsync("?limit=3")).Json.GetProperty("data");
        Assert.Equal(3, list.GetArrayLength());
        Assert.Equal("key 9", list[0].GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_front_end_started_before_its_cluster_waits_for_it()
    {
        var cluster = await postgres.CreateClusterAsync();
        var starting = cluster.StartFrontEndAsync();
        await using var silo = await cluster.StartSiloAsync();
        await using var frontEnd = await starting;

        Assert.Contains("The cluster cannot be reached yet", frontEnd.Output, StringComparison.Ordinal);
        await cluster.CreateProjectAsync(frontEnd);
    }

    [Fact]
    public async Task An_Orleans_client_validates_secrets_with_the_client_validator()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();
        using var client = silo.CreateClient(await cluster.CreateProjectAsync(silo));
        var (id, secret) = await client.CreateAsync();

        await using var service = await ValidatingClient.StartAsync(cluster.ConnectionString);
        var valid = await service.Validator.ValidateAsync(secret);
        var malformed = await service.Validator.ValidateAsync(secret + "0");
        await client.RevokeAsync(id);
        var revoked = await service.Validator.ValidateAsync(secret);

        Assert.True(valid.IsValid);
        Assert.Equal(id, valid.Key!.Id.ToString());
        Assert.Equal(VerdictCode.Malformed, malformed.Code);
        Assert.Equal(VerdictCode.Revoked, revoked.Code);
    }

    [Fact]
    public async Task A_silo_whose_pepper_does_not_match_the_database_refuses_to_start()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var silo = await new ClusterService(database).StartSiloAsync();

        var (exitCode, output) =
            await ServiceProcess.RunToExitAsync("Silo", new ClusterService(database).CreateSettings());

        Assert.Equal(1, exitCode);
        Assert.Contains("not the one that this database was written with", output, StringComparison.Ordinal);
    }
}
