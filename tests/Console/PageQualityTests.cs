using System.Collections.Concurrent;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

/// <summary>What holds for every page. A new page is added to <see cref="Pages"/>.</summary>
[Collection(ConsoleService.CollectionName)]
public sealed class PageQualityTests(ConsoleService service)
{
    private const int MaxPageBytes = 150_000;

    public static TheoryData<string> Pages =>
    [
        "sign-in", "overview", "overview (none)", "keys", "keys (none)", "key", "rotated", "not found", "new key",
        "new key (invalid)", "new key (created)", "key (outdated)", "API keys", "new API key", "new API key (invalid)",
        "API key", "API key (rotated)", "API keys (refused)", "projects", "projects (archived)", "new project",
        "new project (created)", "project", "project (archived)", "API keys of a project", "webhooks",
        "webhooks (none)", "webhook", "delivery",
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Axe_finds_nothing_in_light_and_dark(string name)
    {
        foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
        {
            await using var person = await OpenPageAsync(name, new() { ColorScheme = scheme });
            await UnfoldAllAsync(person);

            var result = await person.Page.RunAxe();

            Assert.Empty(result.Violations.Select(violation =>
                $"{scheme}: {violation.Id}: {string.Join("; ", violation.Nodes.Select(node => node.Html))}"));
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_fits_a_phone(string name)
    {
        await using var person = await OpenPageAsync(
            name, new() { ViewportSize = new() { Width = 360, Height = 740 } });
        await UnfoldAllAsync(person);

        Assert.Empty(await person.Page.EvaluateAsync<string[]>(
            """
            [...document.querySelectorAll('main *')]
              .filter(element => !element.parentElement.closest('.scroll'))
              .filter(element => element.getBoundingClientRect().right > 360)
              .map(element => element.outerHTML.slice(0, 100))
            """));
        Assert.Equal(360, await person.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task A_page_is_light(string name)
    {
        await using var person = await OpenPageAsync(name);
        var responses = new ConcurrentQueue<IResponse>();
        person.Page.Response += (_, response) => responses.Enqueue(response);
        await person.Page.GotoAsync(person.Page.Url, new() { WaitUntil = WaitUntilState.Load });

        var bytes = 0;
        foreach (var response in responses) bytes += (await response.BodyAsync()).Length;
        Assert.InRange(bytes, 1, MaxPageBytes);
    }

    [Fact]
    public async Task Screenshots_show_the_pages_in_the_book()
    {
        var folder = Environment.GetEnvironmentVariable("UPDATE_SCREENSHOTS") == "1"
            ? Directory.CreateDirectory(Path.Combine(Repository.Root, "docs", "images")).FullName
            : Directory.CreateTempSubdirectory("keys-screenshots-").FullName;
        foreach (var (name, scheme) in ((string, ColorScheme)[])
        [
            ("keys", ColorScheme.Light), ("rotated", ColorScheme.Light), ("rotated", ColorScheme.Dark),
            ("overview", ColorScheme.Light),
        ])
        {
            await using var person = await OpenPageAsync(
                name, new() { ColorScheme = scheme, ViewportSize = new() { Width = 1100, Height = 800 } });
            var file = Path.Combine(folder, $"console-{name}-{scheme}.png".ToLowerInvariant());
            await person.Page.ScreenshotAsync(new() { Path = file });
            Assert.True(new FileInfo(file).Length > 0);
        }
    }

    private static async Task UnfoldAllAsync(ConsolePerson person) => await person.Page.EvaluateAsync(
        "document.querySelectorAll('details').forEach(details => details.open = true)");

    private async Task<ConsolePerson> OpenPageAsync(string name, BrowserNewContextOptions? options = null)
    {
        var project = await service.CreateProjectAsync();
        if (name.EndsWith("(none)", StringComparison.Ordinal))
        {
            var newcomer = await service.SignInAsync(project.ApiKey, options);
            await newcomer.Page.GotoAsync(name switch
            {
                "overview (none)" => "/console",
                "webhooks (none)" => "/console/webhooks",
                _ => "/console/keys",
            });
            return newcomer;
        }

        var key = await CreateKeysAsync(project);
        if (name == "sign-in")
        {
            var visitor = await service.OpenAsync(options);
            await visitor.Page.GotoAsync("/console/sign-in");
            return visitor;
        }

        if (name.Contains("project", StringComparison.Ordinal))
            return await OpenProjectPageAsync(project, name, options);
        var credential = name == "API keys (refused)"
            ? await project.CreateApiKeyAsync(ApiKeyPermissions.ViewVirtualKeys)
            : project.ApiKey;
        var person = await service.SignInAsync(credential, options);
        switch (name)
        {
            case "key":
                await person.Page.GotoAsync($"/console/keys/{key}");
                break;
            case "rotated":
                await person.Page.GotoAsync($"/console/keys/{key}");
                await person.UnfoldAsync("Rotate secret");
                await person.PressAsync("Rotate now");
                await person.Page.GetByLabel("New secret", new() { Exact = true }).WaitForAsync();
                break;
            case "overview":
                await Wait.UntilAsync(async () =>
                    (await project.Api.VirtualKeys.GetVerificationsAsync()).Data.Count > 0);
                await person.Page.GotoAsync("/console");
                break;
            case "webhooks" or "webhook" or "delivery":
                await person.Page.GotoAsync(await CreateWebhookAsync(project, name));
                break;
            case "not found":
                await person.Page.GotoAsync("/console/nothing");
                break;
            case "new key" or "new key (invalid)" or "new key (created)":
                await person.Page.GotoAsync("/console/keys/new");
                if (name == "new key") break;
                await person.Page.GetByLabel("Name", new() { Exact = true }).FillAsync(new string('x', 128));
                if (name == "new key (invalid)")
                {
                    await person.Page.GetByLabel("Permissions").FillAsync(new string('y', 129));
                    await person.Page.GetByLabel("Value 1").FillAsync(new string('z', 500));
                }

                await person.PressAsync("Create key");
                await person.Page.Locator("#new-secret, .field-error").WaitForAsync();
                break;
            case "key (outdated)":
                await person.Page.GotoAsync($"/console/keys/{key}");
                await person.UnfoldAsync("Edit");
                await project.Api.VirtualKeys.UpdateAsync(
                    key, new UpdateVirtualKey { Description = new string('y', 2000) });
                await person.PressAsync("Save changes");
                await person.Page.Locator(".field-error").WaitForAsync();
                break;
            case "API keys" or "API keys (refused)":
                await CreateApiKeyAsync(project);
                await person.Page.GotoAsync("/console/api-keys");
                break;
            case "new API key" or "new API key (invalid)":
                await person.Page.GotoAsync("/console/api-keys/new");
                if (name == "new API key") break;
                await person.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("nothing chosen");
                await person.Page.GetByRole(AriaRole.Checkbox, new() { Checked = true }).UncheckAsync();
                await person.PressAsync("Issue API key");
                await person.Page.Locator(".field-error").WaitForAsync();
                break;
            case "API key" or "API key (rotated)":
                await person.Page.GotoAsync($"/console/api-keys/{await CreateApiKeyAsync(project)}");
                if (name == "API key") break;
                await person.UnfoldAsync("Rotate secret");
                await person.PressAsync("Rotate now");
                await person.Page.GetByLabel("New secret", new() { Exact = true }).WaitForAsync();
                break;
        }

        return person;
    }

    private async Task<ConsolePerson> OpenProjectPageAsync(
        TestProject project, string name, BrowserNewContextOptions? options)
    {
        using var admin = service.CreateClient(service.AdminKey);
        await admin.Projects.UpdateAsync(project.Id, new UpdateProject { Name = new string('x', 255) });
        await admin.Projects.DisableAsync(project.Id, new string('y', 500));
        if (name == "project (archived)") await admin.Projects.ArchiveAsync(project.Id);
        var person = await service.SignInAsync(service.AdminKey, options);
        await person.Page.GotoAsync(name switch
        {
            "projects" => "/console/projects",
            "projects (archived)" => "/console/projects?status=archived",
            "API keys of a project" => $"/console/projects/{project.Id}/api-keys",
            "project" or "project (archived)" => $"/console/projects/{project.Id}",
            _ => "/console/projects/new",
        });
        if (name != "new project (created)") return person;
        await person.Page.GetByLabel("Name").FillAsync("a project");
        await person.PressAsync("Create project");
        await person.Page.GetByLabel("New secret", new() { Exact = true }).WaitForAsync();
        return person;
    }

    /// <summary>Creates an API key with a long name and a secret that was replaced.</summary>
    private static async Task<string> CreateApiKeyAsync(TestProject project)
    {
        var issued = await project.Api.ApiKeys.CreateAsync(
            project.Id, new CreateApiKey { Name = new string('x', 128), Permissions = ApiKeyPermissions.All });
        await project.Api.ApiKeys.RotateAsync(project.Id, issued.ApiKey.Id);
        return issued.ApiKey.Id;
    }

    /// <summary>Creates keys with long and short texts, one with a secret that is still used.</summary>
    private static async Task<string> CreateKeysAsync(TestProject project)
    {
        await project.CreateKeyAsync(new string('x', 128));
        var disabled = await project.CreateKeyAsync("nightly export");
        await project.Api.VirtualKeys.DisableAsync(disabled.VirtualKey.Id, "not needed in winter");
        var key = await project.Api.VirtualKeys.CreateAsync(new CreateVirtualKey
        {
            Name = "payments gateway",
            Permissions = ["invoices:read", "invoices:write"],
            AllowedIps = ["192.0.2.0/24"],
            Metadata = new Dictionary<string, string> { ["team"] = "payments" },
        });
        await project.VerifyAsync(key.Secret, "192.0.2.7");
        await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id, TimeSpan.FromHours(24));
        await project.VerifyAsync(key.Secret, "192.0.2.7");
        return key.VirtualKey.Id;
    }

    /// <summary>Creates webhooks with a long address and with deliveries, and returns the path of a page.</summary>
    private static async Task<string> CreateWebhookAsync(TestProject project, string page)
    {
        using var receiver = new WebhookReceiver();
        var webhooks = project.Api.Webhooks;
        await webhooks.CreateAsync(new CreateWebhook
        {
            Url = $"https://example.com/{new string('x', 500)}",
            Description = new string('y', 300),
            EventTypes = ["virtual_key.rotated"],
        });
        var webhook = (await webhooks.CreateAsync(new CreateWebhook { Url = receiver.Url })).Webhook;
        var key = await project.CreateKeyAsync("announced");
        await receiver.WaitForAsync(key.VirtualKey.Id, "virtual_key.created");
        await webhooks.RotateSecretAsync(webhook.Id);
        receiver.RespondWith(_ => System.Net.HttpStatusCode.InternalServerError);
        for (var number = 0; number < 30; number++) await webhooks.TestAsync(webhook.Id);
        var delivered = await webhooks.ListDeliveriesAsync(webhook.Id, WebhookDeliveryStatus.Delivered);
        return page switch
        {
            "webhook" => $"/console/webhooks/{webhook.Id}",
            "delivery" => $"/console/webhooks/{webhook.Id}/deliveries/{delivered.Data[0].Id}",
            _ => "/console/webhooks",
        };
    }
}
