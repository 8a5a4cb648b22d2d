namespace KeysCluster.Contract.Tests.Authentication;

/// <summary>What the log of a silo with its default settings shows of clients that are refused.</summary>
public sealed class FailedAuthenticationTests
{
    [Fact]
    public async Task Wrong_keys_and_forbidden_calls_of_a_client_are_each_logged_once_with_its_address()
    {
        await using var embedded = new EmbeddedService();
        await using var silo = await embedded.StartAsync();
        foreach (var key in (string[])["wrong-key-1", "wrong-key-2", embedded.ApiKey + "0"])
        {
            using var invalidClient = silo.CreateClient(key);
            (await invalidClient.ListAsync()).EnsureStatus(HttpStatusCode.Unauthorized);
        }

        using var project = silo.CreateClient(embedded.ApiKey);
        for (var i = 0; i < 3; i++)
        {
            var response = await project.SendAsync(HttpMethod.Get, Routes.Projects);
            response.EnsureStatus(HttpStatusCode.Forbidden);
        }

        await silo.StopAsync();
        Assert.Equal(1, CountLines(silo, "Authentication failed for 127.0.0.1: malformed. 0 failures"));
        Assert.Equal(1, CountLines(silo, "Authentication failed"));
        Assert.Equal(1, CountLines(silo, "Request from 127.0.0.1 with the key secret_"));
        Assert.Equal(1, CountLines(silo, "refused with 403: admin_key_required. 0 refusals"));
        Assert.Equal(0, CountLines(silo, "wrong-key"));

        // The framework would log each of them, without the address.
        Assert.Equal(0, CountLines(silo, "ApiKeyHandler"));
    }

    private static int CountLines(ServiceProcess silo, string text) =>
        silo.Output.Split('\n').Count(line => line.Contains(text, StringComparison.Ordinal));
}
