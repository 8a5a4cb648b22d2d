using System.Net;

namespace KeysCluster.Console.Tests;

/// <summary>
/// The process restarts with a later clock: time passes, and the sessions are those in the database.
/// </summary>
public sealed class StolenCookieTests
{
    [Fact]
    public async Task A_cookie_from_a_log_is_worthless_and_its_use_ends_the_session()
    {
        await using var service = new EmbeddedService();
        string stolen, current;
        await using (var process = await service.StartAsync())
        {
            stolen = await ConsoleRequests.SignInAsync(process.Address, service.ApiKey);
            await process.StopAsync();
        }

        await using (var process = await StartLaterAsync(service, TimeSpan.FromSeconds(70)))
        {
            (var status, current) = await ConsoleRequests.GetAsync(process.Address, stolen);
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.NotEqual(stolen, current);

            // The old cookie works for requests that were on their way when the new one was first used.
            Assert.Equal(HttpStatusCode.OK, await ConsoleRequests.GetStatusAsync(process.Address, current));
            Assert.Equal(HttpStatusCode.OK, await ConsoleRequests.GetStatusAsync(process.Address, stolen));
            await process.StopAsync();
        }

        await using (var process = await StartLaterAsync(service, TimeSpan.FromSeconds(120)))
        {
            Assert.Equal(HttpStatusCode.OK, await ConsoleRequests.GetStatusAsync(process.Address, current));

            Assert.Equal(HttpStatusCode.SeeOther, await ConsoleRequests.GetStatusAsync(process.Address, stolen));
            Assert.Equal(HttpStatusCode.SeeOther, await ConsoleRequests.GetStatusAsync(process.Address, current));
            await process.WaitForOutputAsync("its cookie was copied");
        }
    }

    [Fact]
    public async Task A_session_that_is_not_used_for_half_an_hour_ends()
    {
        await using var service = new EmbeddedService();
        string cookie;
        await using (var process = await service.StartAsync())
        {
            cookie = await ConsoleRequests.SignInAsync(process.Address, service.ApiKey);
            await process.StopAsync();
        }

        await using var later = await StartLaterAsync(service, TimeSpan.FromMinutes(31));
        Assert.Equal(HttpStatusCode.SeeOther, await ConsoleRequests.GetStatusAsync(later.Address, cookie));
    }

    [Fact]
    public async Task The_database_alone_reveals_no_credential()
    {
        await using var service = new EmbeddedService();
        await using (var process = await service.StartAsync())
        {
            await ConsoleRequests.SignInAsync(process.Address, service.ApiKey);
            await process.StopAsync();
        }

        var key = System.Text.Encoding.ASCII.GetBytes(service.ApiKey);
        var encoded = System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String(key)[..24]);
        foreach (var file in Directory.EnumerateFiles(service.DataDirectory, "keys.db*"))
        {
            var content = await File.ReadAllBytesAsync(file);
            Assert.Equal(-1, content.AsSpan().IndexOf(key));
            Assert.Equal(-1, content.AsSpan().IndexOf(encoded));
        }
    }

    private static async Task<ServiceProcess> StartLaterAsync(EmbeddedService service, TimeSpan offset)
    {
        var clock = new FakeClock(offset);
        return await service.StartAsync(clock.Environment);
    }
}
