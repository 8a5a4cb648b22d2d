using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Peppers;

public sealed class ClusterPepperTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task The_pepper_is_rotated_under_load_and_no_valid_secret_is_refused()
    {
        using var folder = new PepperFolder();
        folder.WriteNew("Keys__Pepper");
        var cluster = await postgres.CreateClusterAsync();
        var first = await StartSiloAsync();
        var second = await StartSiloAsync();
        await using var frontEnd = await cluster.StartFrontEndAsync();
        var apiKey = await cluster.CreateProjectAsync(frontEnd);
        using var client = frontEnd.CreateClient(apiKey);
        var secrets = new List<(string Secret, string Verdict)>();
        foreach (var (id, replaced) in await client.CreateManyAsync(10))
            secrets.AddRange([(replaced, "retiring"), ((await client.RotateAsync(id)).Secret, "active")]);

        using var stopping = new CancellationTokenSource();
        var load = Task.Run(async () =>
        {
            var verified = 0;
            while (!stopping.IsCancellationRequested)
            {
                foreach (var (secret, verdict) in secrets)
                    Assert.Equal(verdict, await client.VerifyWithRetryAsync(secret));
                verified++;
            }

            return verified;
        });

        // First every silo has the new pepper, then it becomes the current one.
        folder.WriteNew("Keys__Peppers__next");
        await WaitForOutputAsync("Peppers reloaded: default, next; the current one is default.");
        folder.Write("Keys__CurrentPepper", "next");
        await WaitForOutputAsync("Peppers reloaded: default, next; the current one is next.");

        // A process reports the first use of each secret immediately, and a silo that stops writes what was reported.
        var status = "";
        for (var round = 0; round < 3 && !status.Contains("default can be removed", StringComparison.Ordinal); round++)
        {
            await VerifyThroughNewFrontEndAsync();
            Assert.Equal(0, await first.StopAsync());
            first = await StartSiloAsync();
            Assert.Equal(0, await second.StopAsync());
            second = await StartSiloAsync();
            status = await PepperFolder.GetStatusAsync(folder.CreateSettings(cluster.CreateSettings()));
        }

        Assert.Equal([10, 10, 1, 0, 0, 0, 11], PepperFolder.GetCounts(status, "next"));
        Assert.Contains("default can be removed", status, StringComparison.Ordinal);

        var events = (await client.SendAsync(HttpMethod.Get, $"{Routes.Events}?limit=200")).Json.GetProperty("data");
        var types = events.EnumerateArray().Select(item => item.GetProperty("type").GetString()).ToList();
        Assert.Contains("virtual_key.rehashed", types);
        Assert.Contains("api_key.rehashed", types);
        Assert.DoesNotContain(types, type => type!.EndsWith(".altered", StringComparison.Ordinal));

        folder.Remove("Keys__Pepper");
        await WaitForOutputAsync("Peppers reloaded: next; the current one is next.");
        await VerifyThroughNewFrontEndAsync();
        await first.DisposeAsync();
        first = await StartSiloAsync();
        await VerifyThroughNewFrontEndAsync();
        await stopping.CancelAsync();
        Assert.True(await load > 0);
        await first.DisposeAsync();
        await second.DisposeAsync();

        // A build that knows one pepper, or a silo without the new one, does not start.
        var (exitCode, output) = await ServiceProcess.RunToExitAsync("Silo", cluster.CreateSettings());
        Assert.Equal(1, exitCode);
        Assert.Contains("not the one that this database was written with", output, StringComparison.Ordinal);

        Task<ServiceProcess> StartSiloAsync() =>
            ServiceProcess.StartAsync("Silo", folder.CreateSettings(cluster.CreateSettings()));

        async Task WaitForOutputAsync(string text)
        {
            foreach (var silo in new[] { first, second }) await silo.WaitForOutputAsync(text);
        }

        async Task VerifyThroughNewFrontEndAsync()
        {
            await using var newFrontEnd = await cluster.StartFrontEndAsync();
            using var newClient = newFrontEnd.CreateClient(apiKey);
            foreach (var (secret, verdict) in secrets)
                Assert.Equal(verdict, await newClient.VerifyWithRetryAsync(secret));
        }
    }

    [Fact]
    public async Task A_create_that_is_retried_after_a_rotation_of_the_pepper_makes_no_second_key()
    {
        using var folder = new PepperFolder();
        folder.WriteNew("Keys__Pepper");
        var cluster = await postgres.CreateClusterAsync();
        var settings = folder.CreateSettings(cluster.CreateSettings());
        await using var silo = await ServiceProcess.StartAsync("Silo", settings);
        using var client = silo.CreateClient(await cluster.CreateProjectAsync(silo));
        var idempotencyKey = Guid.NewGuid().ToString();
        Task<ApiResponse> CreateAsync() =>
            client.PostIdempotentAsync(idempotencyKey, Routes.VirtualKeys, """{"name": "a key"}""");
        var created = await CreateAsync();
        created.EnsureStatus(HttpStatusCode.Created);

        folder.WriteNew("Keys__Peppers__next");
        folder.Write("Keys__CurrentPepper", "next");
        await silo.WaitForOutputAsync("the current one is next.");
        var retried = await CreateAsync();

        retried.EnsureStatus(HttpStatusCode.Created);
        Assert.Equal("true", retried.Headers["Idempotent-Replayed"]);
        Assert.Equal(created.Secret, retried.Secret);
        Assert.Equal(1, (await client.ListAsync()).Json.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task An_invalid_change_of_the_peppers_is_not_applied()
    {
        using var folder = new PepperFolder();
        folder.WriteNew("Keys__Pepper");
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await ServiceProcess.StartAsync(
            "Silo", folder.CreateSettings(cluster.CreateSettings()));
        using var client = silo.CreateClient(await cluster.CreateProjectAsync(silo));
        var (_, secret) = await client.CreateAsync();

        folder.Write("Keys__CurrentPepper", "next");
        await silo.WaitForOutputAsync("Reload of the peppers refused; the previous ones remain in effect. "
            + "Keys:CurrentPepper is not the name of a pepper");

        Assert.Equal("active", await client.VerifyAsync(secret));
    }
}
