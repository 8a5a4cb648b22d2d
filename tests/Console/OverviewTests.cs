using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class OverviewTests(ConsoleService service)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Verifications_and_rotations_are_plotted(bool hasScripts)
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("plotted");
        for (var i = 0; i < 3; i++) Assert.Equal(VerdictCode.Active, await project.VerifyAsync(key.Secret));
        Assert.Equal(VerdictCode.Malformed, await project.VerifyAsync("x"));
        await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id);
        await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id);
        await WaitForVerificationsAsync(project, 4);
        await using var person = await OpenAsync(project.ApiKey, new() { JavaScriptEnabled = hasScripts });

        var verifications = person.Page.Locator("section", new() { HasTextString = "Verifications in" });
        await Assertions.Expect(verifications.Locator("svg rect")).ToHaveCountAsync(2);
        await Assertions.Expect(verifications.GetByRole(AriaRole.Img)).ToHaveAccessibleNameAsync(
            new Regex("^Verifications by hour Total: 3 active, 0 retiring, 1 refused, 0 unavailable."));
        await Assertions.Expect(verifications.Locator(".counts")).ToHaveTextAsync(
            new Regex(@"^\s*active\s*3\s*malformed\s*1\s*$"));
        await verifications.GetByText("Numbers").ClickAsync();
        await Assertions.Expect(verifications.Locator("tbody tr")).ToHaveCountAsync(1);

        var rotations = person.Page.Locator("section", new() { HasTextString = "Rotations in" });
        await Assertions.Expect(rotations.Locator("svg rect")).ToHaveCountAsync(1);
        await Assertions.Expect(rotations.Locator(".legend")).ToContainTextAsync("Rotations 2");
    }

    [Fact]
    public async Task Secrets_that_end_and_those_still_in_use_lead_to_their_keys()
    {
        var project = await service.CreateProjectAsync();
        var silent = await project.CreateKeyAsync("silent");
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(silent.Secret));
        await WaitUntilUsedAsync(project, silent);
        await project.Api.VirtualKeys.RotateAsync(silent.VirtualKey.Id, TimeSpan.FromDays(2));
        var busy = await project.CreateKeyAsync("busy");
        await project.Api.VirtualKeys.RotateAsync(busy.VirtualKey.Id, TimeSpan.FromDays(20));
        Assert.Equal(VerdictCode.Retiring, await project.VerifyAsync(busy.Secret, "192.0.2.7"));
        await WaitUntilUsedAsync(project, busy);
        await project.Api.VirtualKeys.CreateAsync(new CreateVirtualKey
        {
            Name = "ending",
            ExpiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(10),
        });
        await project.Api.VirtualKeys.CreateAsync(new CreateVirtualKey
        {
            Name = "long",
            ExpiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(40),
        });
        await using var person = await OpenAsync(project.ApiKey);

        var used = GetRows(person, "in-use-title");
        await Assertions.Expect(used).ToHaveCountAsync(1);
        await Assertions.Expect(used).ToContainTextAsync("busy");
        await Assertions.Expect(used).ToContainTextAsync("from 192.0.2.7");
        var ending = GetRows(person, "ending-title");
        await Assertions.Expect(ending).ToHaveCountAsync(2);
        await Assertions.Expect(ending.First).ToContainTextAsync("silent");
        await Assertions.Expect(ending.First).ToContainTextAsync("in 47 h");
        var expiring = GetRows(person, "expiring-title");
        await Assertions.Expect(expiring).ToHaveCountAsync(1);
        await Assertions.Expect(expiring).ToContainTextAsync("ending");

        await used.GetByRole(AriaRole.Link).ClickAsync();
        await person.Page.WaitForURLAsync($"**/console/keys/{busy.VirtualKey.Id}");
    }

    [Fact]
    public async Task A_new_project_sees_that_there_is_nothing_yet()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await OpenAsync(project.ApiKey);

        foreach (var text in new[]
        {
            "No secret was verified", "No key was rotated", "No replaced secret was used",
            "No replaced secret is accepted", "Counted since",
        }) await Assertions.Expect(person.Page.GetByText(text)).ToBeVisibleAsync();
        await Assertions.Expect(person.Page.Locator("main svg")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task What_is_cut_off_says_so()
    {
        var project = await service.CreateProjectAsync();
        await Task.WhenAll(Enumerable.Range(0, 101).Select(async number =>
        {
            var key = await project.Api.VirtualKeys.CreateAsync(new CreateVirtualKey
            {
                Name = $"key {number}",
                ExpiresAt = TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(10),
            });
            for (var i = 0; i < 9; i++) await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id, TimeSpan.Zero);
            await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id);
        }));

        await using var person = await OpenAsync(project.ApiKey);

        foreach (var title in new[] { "ending-title", "expiring-title" })
        {
            await Assertions.Expect(GetRows(person, title)).ToHaveCountAsync(25);
            await Assertions.Expect(person.Page.Locator($"section[aria-labelledby={title}]"))
                .ToContainTextAsync("The first 25.");
        }

        await Assertions.Expect(person.Page.GetByText("Among the first 100 keys")).ToBeVisibleAsync();
        await Assertions.Expect(person.Page.GetByText("Only the last 1000 rotations")).ToBeVisibleAsync();
        await Assertions.Expect(person.Page.Locator(".legend").Last).ToContainTextAsync("Rotations 1,000");
    }

    [Fact]
    public async Task Each_person_sees_what_the_permissions_allow()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("not for auditors");
        await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id);

        await using var auditor = await OpenAsync(await project.CreateApiKeyAsync(ApiKeyPermissions.ViewEvents));
        await Assertions.Expect(auditor.Page.GetByRole(AriaRole.Heading, new() { Level = 2 }))
            .ToHaveTextAsync(["Rotations in the last 4 weeks"]);
        Assert.DoesNotContain("not for auditors", await auditor.Page.ContentAsync(), StringComparison.Ordinal);

        await using var viewer = await OpenAsync(await project.CreateApiKeyAsync(ApiKeyPermissions.ViewVirtualKeys));
        await Assertions.Expect(viewer.Page.GetByText("Rotations in")).ToHaveCountAsync(0);
        await Assertions.Expect(viewer.Page.GetByText("Old secrets that end next").First).ToBeVisibleAsync();

        await using var gateway = await OpenAsync(await project.CreateApiKeyAsync(ApiKeyPermissions.VerifyVirtualKeys));
        await Assertions.Expect(gateway.Page.Locator("main section")).ToHaveCountAsync(0);
    }

    /// <summary>The limit lets the page itself pass, and refuses most calls of its parts.</summary>
    [Fact]
    public async Task A_part_that_cannot_be_loaded_says_why_and_the_page_is_shown()
    {
        await using var embedded = new EmbeddedService();
        var settings = embedded.CreateSettings();
        settings["Api:RequestsPerSecond"] = "1";
        await using var process = await embedded.StartWithSettingsAsync(settings);
        await using var browser = new ConsoleBrowser();
        await browser.StartAsync();
        await using var person = await ConsolePerson.OpenAsync(browser, process.Address, null);
        await person.SignInAsync(embedded.ApiKey);
        var alerts = person.Page.Locator("main section").GetByRole(AriaRole.Alert);

        await Wait.UntilAsync(async () =>
        {
            var response = await person.Page.GotoAsync("/console");
            return response!.Status == 200 && await alerts.CountAsync() > 0;
        });

        await Assertions.Expect(alerts.First).ToContainTextAsync("Too many requests");
    }

    private static ILocator GetRows(ConsolePerson person, string title) =>
        person.Page.Locator($"section[aria-labelledby={title}] tbody tr");

    private static Task WaitForVerificationsAsync(TestProject project, long count) => Wait.UntilAsync(async () =>
        (await project.Api.VirtualKeys.GetVerificationsAsync()).Data
            .SelectMany(bucket => bucket.Counts).Sum(entry => entry.Count) == count);

    /// <summary>The list has a use when the key is written, which a change does at once.</summary>
    private static async Task WaitUntilUsedAsync(TestProject project, IssuedVirtualKey key)
    {
        var id = key.VirtualKey.Id;
        await Wait.UntilAsync(async () => (await project.Api.VirtualKeys.GetAsync(id)).LastUsedAt is not null);
        await project.Api.VirtualKeys.UpdateAsync(id, new UpdateVirtualKey { Description = "used" });
    }

    private async Task<ConsolePerson> OpenAsync(string key, BrowserNewContextOptions? options = null)
    {
        var person = await service.SignInAsync(key, options);
        await person.Page.GotoAsync("/console");
        return person;
    }
}
