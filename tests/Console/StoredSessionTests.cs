using System.Net;
using Microsoft.Data.Sqlite;

namespace KeysCluster.Console.Tests;

/// <summary>
/// The process restarts with a later clock: time passes, and the sessions are those in the database.
/// </summary>
public sealed class StoredSessionTests
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

    [Fact]
    public async Task Signing_out_removes_the_session_from_the_database()
    {
        await using var service = new EmbeddedService();
        await using var process = await service.StartAsync();
        var cookie = await ConsoleRequests.SignInAsync(process.Address, service.ApiKey);
        Assert.Equal(1, await CountSessionsAsync(service));

        await ConsoleRequests.SignOutAsync(process.Address, cookie);

        Assert.Equal(HttpStatusCode.SeeOther, await ConsoleRequests.GetStatusAsync(process.Address, cookie));
        Assert.Equal(0, await CountSessionsAsync(service));
    }

    [Fact]
    public async Task A_session_that_is_never_used_again_is_removed_from_the_database()
    {
        await using var service = new EmbeddedService();
        await using (var process = await service.StartAsync())
        {
            await ConsoleRequests.SignInAsync(process.Address, service.ApiKey);
            await process.StopAsync();
        }

        await using var later = await StartLaterAsync(service, TimeSpan.FromHours(13));

        // The reminder is due every hour from 12 hours and a minute on.
        await Wait.UntilAsync(async () => await CountSessionsAsync(service) == 0, TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task While_the_database_is_locked_a_page_and_a_sign_in_say_that_the_service_is_unavailable()
    {
        await using var service = new EmbeddedService();
        string cookie;
        await using (var process = await service.StartAsync())
        {
            cookie = await ConsoleRequests.SignInAsync(process.Address, service.ApiKey);
            await process.StopAsync();
        }

        // The token is due to be replaced, so the next use is a write.
        await using var later = await StartLaterAsync(service, TimeSpan.FromSeconds(70));
        await using (var connection = await OpenDatabaseAsync(service))
        {
            await using var locking = connection.BeginTransaction(deferred: false);
            Assert.Equal(
                HttpStatusCode.ServiceUnavailable, await ConsoleRequests.GetStatusAsync(later.Address, cookie));
            Assert.Equal(
                HttpStatusCode.ServiceUnavailable,
                await ConsoleRequests.GetSignInStatusAsync(later.Address, service.ApiKey));
        }

        Assert.Equal(HttpStatusCode.OK, await ConsoleRequests.GetStatusAsync(later.Address, cookie));
    }

    [Fact]
    public async Task An_old_secret_is_safe_to_expire_when_it_was_not_used_for_an_hour()
    {
        await using var service = new EmbeddedService();
        string path;
        await using (var process = await service.StartAsync())
        {
            using var keys = KeysClient.Create(
                new KeysClientOptions { BaseAddress = process.Address, ApiKey = service.ApiKey });
            var key = await keys.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "rotated" });
            await keys.VirtualKeys.RotateAsync(key.VirtualKey.Id);
            path = $"/console/keys/{key.VirtualKey.Id}";
            Assert.Contains("Wait:", await ReadPageAsync(process), StringComparison.Ordinal);
            await process.StopAsync();
        }

        await using var later = await StartLaterAsync(service, TimeSpan.FromMinutes(61));
        Assert.Contains("Safe to expire:", await ReadPageAsync(later), StringComparison.Ordinal);

        async Task<string> ReadPageAsync(ServiceProcess process)
        {
            var cookie = await ConsoleRequests.SignInAsync(process.Address, service.ApiKey);
            return await ConsoleRequests.ReadPageAsync(process.Address, cookie, path);
        }
    }

    private static async Task<long> CountSessionsAsync(EmbeddedService service)
    {
        await using var connection = await OpenDatabaseAsync(service);
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT COUNT(*) FROM OrleansStorage WHERE GrainTypeString = 'console-session'";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<SqliteConnection> OpenDatabaseAsync(EmbeddedService service)
    {
        var connection = new SqliteConnection($"Data Source={service.DatabaseFile};Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<ServiceProcess> StartLaterAsync(EmbeddedService service, TimeSpan offset)
    {
        var clock = new FakeClock(offset);
        return await service.StartAsync(clock.Environment);
    }
}
