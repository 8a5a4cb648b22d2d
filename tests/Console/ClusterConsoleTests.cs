using KeysCluster.Console.Tests.OpenIdConnect;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

/// <summary>Two silos, two front ends and the proxy.</summary>
[Trait("Requires", "PostgreSQL")]
public sealed class ClusterConsoleTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly Dictionary<string, string> FrontEndSettings = new()
    {
        ["Console:Enabled"] = "true",
        ["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true",
    };

    [Fact]
    public async Task A_person_rotates_a_key_while_a_silo_and_then_a_front_end_are_killed()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo1 = await cluster.StartSiloAsync();
        await using var silo2 = await cluster.StartSiloAsync();
        await using var frontEnd1 = await cluster.StartFrontEndAsync(settings: FrontEndSettings);
        await using var frontEnd2 = await cluster.StartFrontEndAsync(settings: FrontEndSettings);
        await using var proxy = new ProxyProcess(frontEnd1.Address.Port, frontEnd2.Address.Port);
        var apiKey = await cluster.CreateProjectAsync(silo2);
        using var api = KeysClient.Create(new KeysClientOptions { BaseAddress = silo2.Address, ApiKey = apiKey });
        var keys = new List<IssuedVirtualKey>();
        for (var number = 0; number < 4; number++)
            keys.Add(await api.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = $"key {number}" }));
        await using var browser = new ConsoleBrowser();
        await browser.StartAsync();
        await Wait.UntilAsync(() => IsServingAsync(proxy.Address));
        await using var person = await ConsolePerson.OpenAsync(browser, proxy.Address, null);
        await person.SignInAsync(apiKey);

        await RotateAsync(person, api, keys[0]);
        await silo1.KillAsync();
        await RotateAsync(person, api, keys[1]);
        await RotateAsync(person, api, keys[2]);
        await frontEnd1.KillAsync();
        await RotateAsync(person, api, keys[3]);

        // The address is that of the person, not of the proxy or the socket.
        var events = await api.Events.ListPageAsync(new EventFilter { Type = "virtual_key.rotated" });
        Assert.Equal(keys.Count, events.Data.Count);
        Assert.All(events.Data, entry => Assert.Contains(entry.SourceAddress, (string[])["127.0.0.1", "::1"]));
    }

    /// <summary>The proxy sends the parts of one sign-in to different front ends.</summary>
    [Fact]
    public async Task People_sign_in_by_a_provider_over_two_front_ends()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();
        await cluster.CreateProjectAsync(silo);
        using var admin = KeysClient.Create(
            new KeysClientOptions { BaseAddress = silo.Address, ApiKey = cluster.AdminKey });
        var project = await admin.Projects.CreateAsync("of the team");
        await using var provider = await IdentityProvider.StartAsync();
        var settings = FrontEndSettings
            .Concat(provider.CreateSettings())
            .Concat(ProviderService.CreateRoles(project.Project.Id))
            .ToDictionary();
        await using var frontEnd1 = await cluster.StartFrontEndAsync(settings: settings);
        await using var frontEnd2 = await cluster.StartFrontEndAsync(settings: settings);
        await using var proxy = new ProxyProcess(frontEnd1.Address.Port, frontEnd2.Address.Port);
        await using var browser = new ConsoleBrowser();
        await browser.StartAsync();
        await Wait.UntilAsync(() => IsServingAsync(proxy.Address));

        for (var number = 0; number < 4; number++)
        {
            await using var person = await ConsolePerson.OpenAsync(browser, proxy.Address, null, provider.Address);
            await person.SignInByProviderAsync("rosa");
            await Assertions.Expect(person.Page.Locator(".who")).ToContainTextAsync("rosa@example.com");
        }
    }

    [Fact]
    public async Task A_front_end_has_no_console_unless_it_is_switched_on()
    {
        var cluster = await postgres.CreateClusterAsync();
        await using var silo = await cluster.StartSiloAsync();
        await using var frontEnd = await cluster.StartFrontEndAsync();
        foreach (var process in (ServiceProcess[])[silo, frontEnd])
        {
            using var http = new HttpClient { BaseAddress = process.Address };
            using var response = await http.GetAsync(new Uri("/console/sign-in", UriKind.Relative));
            Assert.Equal(System.Net.HttpStatusCode.NotFound, response.StatusCode);
        }
    }

    /// <summary>Rotates a key. When a page says that the service cannot answer, the person opens it again.</summary>
    private static async Task RotateAsync(ConsolePerson person, KeysClient api, IssuedVirtualKey key)
    {
        var page = person.Page;
        await Wait.UntilAsync(async () =>
        {
            await page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
            return await page.Locator("summary", new() { HasTextString = "Rotate secret" }).IsVisibleAsync();
        });
        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");

        var secret = await page.GetByLabel("New secret", new() { Exact = true }).InputValueAsync();
        var verdict = await api.VirtualKeys.VerifyAsync(new VerifySecret { Secret = secret });
        Assert.Equal(VerdictCode.Active, verdict.Code);
    }

    private static async Task<bool> IsServingAsync(Uri address)
    {
        using var http = new HttpClient { BaseAddress = address };
        try
        {
            using var response = await http.GetAsync(new Uri("/console/sign-in", UriKind.Relative));
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }
}
