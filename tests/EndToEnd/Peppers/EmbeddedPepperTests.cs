using System.Net;
using KeysCluster.TestKit;

namespace KeysCluster.EndToEnd.Tests.Peppers;

public sealed class EmbeddedPepperTests
{
    [Fact]
    public async Task The_generated_pepper_is_replaced_and_its_file_deleted()
    {
        await using var service = new EmbeddedService();
        using var folder = new PepperFolder();
        var settings = folder.CreateSettings(service.CreateSettings());
        string id, first, second, unused;
        await using (var silo = await service.StartAsync())
        {
            using var client = silo.CreateClient(service.ApiKey);
            (id, first) = await client.CreateAsync();
            second = (await client.RotateAsync(id)).Secret;
            (_, unused) = await client.CreateAsync();

            var status = await PepperFolder.GetStatusAsync(settings);
            Assert.Equal([2, 1, 1, 0, 0, 0, 3], PepperFolder.GetCounts(status, "default"));
            Assert.Contains("The current pepper is default.", status, StringComparison.Ordinal);
            await silo.StopAsync();
        }

        folder.WriteNew("Keys__Peppers__next");
        folder.Write("Keys__CurrentPepper", "next");
        await using (var silo = await ServiceProcess.StartAsync("Silo", settings))
        {
            using var client = silo.CreateClient(service.ApiKey);
            Assert.Equal(["retiring", "active"], [await client.VerifyAsync(first), await client.VerifyAsync(second)]);
            await silo.StopAsync();
        }

        var rotated = await PepperFolder.GetStatusAsync(settings, "default");
        Assert.Equal([1, 1, 1, 0, 0, 0, 2], PepperFolder.GetCounts(rotated, "next"));
        Assert.Equal([1, 0, 0, 0, 0, 0, 1], PepperFolder.GetCounts(rotated, "default"));
        Assert.DoesNotContain("can be removed", rotated, StringComparison.Ordinal);
        Assert.Matches("vk_\\w+ \\w+ last used: never", rotated);

        await using (var silo = await ServiceProcess.StartAsync("Silo", settings))
        {
            using var client = silo.CreateClient(service.ApiKey);
            Assert.Equal("active", await client.VerifyAsync(unused));
            await silo.StopAsync();
        }

        Assert.Contains(
            "default can be removed", await PepperFolder.GetStatusAsync(settings), StringComparison.Ordinal);
        File.Delete(Path.Combine(service.DataDirectory, "pepper"));
        await using (var silo = await ServiceProcess.StartAsync("Silo", settings))
        {
            using var client = silo.CreateClient(service.ApiKey);
            foreach (var (secret, verdict) in new[] { (first, "retiring"), (second, "active"), (unused, "active") })
                Assert.Equal(verdict, await client.VerifyAsync(secret));
            (await client.PostIdempotentAsync(Guid.NewGuid().ToString(), Routes.Rotate(id)))
                .EnsureStatus(HttpStatusCode.OK);
            var types = (await client.SendAsync(HttpMethod.Get, $"{Routes.Events}?limit=200")).Json.GetProperty("data")
                .EnumerateArray().Select(item => item.GetProperty("type").GetString()).ToList();
            Assert.Contains("virtual_key.rehashed", types);
            Assert.DoesNotContain("virtual_key.altered", types);
        }

        Assert.Equal(1, PepperFolder.GetCounts(await PepperFolder.GetStatusAsync(settings), "next")[^2]);
    }

    [Fact]
    public async Task A_secret_whose_pepper_is_missing_is_unavailable_and_is_listed()
    {
        await using var service = new EmbeddedService();
        using var folder = new PepperFolder();
        var settings = folder.CreateSettings(service.CreateSettings());
        string unused, used;
        await using (var silo = await service.StartAsync())
        {
            using var client = silo.CreateClient(service.ApiKey);
            (_, unused) = await client.CreateAsync();
            (_, used) = await client.CreateAsync();
        }

        folder.WriteNew("Keys__Peppers__next");
        folder.Write("Keys__CurrentPepper", "next");
        await using (var silo = await ServiceProcess.StartAsync("Silo", settings))
        {
            using var client = silo.CreateClient(service.ApiKey);
            Assert.Equal("active", await client.VerifyAsync(used));
            await silo.StopAsync();
        }

        File.Delete(Path.Combine(service.DataDirectory, "pepper"));
        await using (var silo = await ServiceProcess.StartAsync("Silo", settings))
        {
            using var client = silo.CreateClient(service.ApiKey);
            var refused = await client.SendVerifyAsync(unused);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.Status);
            Assert.Equal("active", await client.VerifyAsync(used));
            await silo.WaitForOutputAsync("is missing on this silo");
        }

        var status = await PepperFolder.GetStatusAsync(settings);
        Assert.Equal([1, 0, 0, 0, 0, 0, 1], PepperFolder.GetCounts(status, "(missing)"));
        Assert.Contains("configure that pepper again", status, StringComparison.Ordinal);
    }
}
