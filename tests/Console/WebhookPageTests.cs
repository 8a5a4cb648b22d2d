using System.Net;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class WebhookPageTests(ConsoleService service)
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_person_subscribes_an_endpoint_to_chosen_events_and_tests_it(bool hasScripts)
    {
        using var receiver = new WebhookReceiver();
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(
            project.ApiKey, new() { JavaScriptEnabled = hasScripts });
        var page = person.Page;

        await page.GetByRole(AriaRole.Link, new() { Name = "Webhooks" }).ClickAsync();
        await Assertions.Expect(page.GetByText("No webhooks yet")).ToBeVisibleAsync();
        await person.UnfoldAsync("Create webhook");
        await page.GetByLabel("URL").FillAsync(receiver.Url);
        await page.GetByLabel("Only these").CheckAsync();
        await page.GetByLabel("virtual_key.rotated").CheckAsync();
        await page.GetByLabel("virtual_key.revoked").CheckAsync();
        await person.PressAsync("Create");

        var field = page.GetByLabel("New secret", new() { Exact = true });
        var secret = await field.InputValueAsync();
        Assert.StartsWith("whsec_", secret, StringComparison.Ordinal);
        if (hasScripts)
        {
            await page.ReloadAsync();
            Assert.Equal(secret, await field.InputValueAsync());
        }

        var webhook = Assert.Single(await project.Api.Webhooks.ListAsync());
        Assert.Equal(["virtual_key.rotated", "virtual_key.revoked"], webhook.EventTypes);
        await page.GetByRole(AriaRole.Link, new() { Name = "the webhook" }).ClickAsync();
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);

        await person.PressAsync("Send a test");
        await Assertions.Expect(page.GetByText("The test was accepted with 204.")).ToBeVisibleAsync();
        Assert.Equal("webhook.test", Assert.Single(receiver.Accepted).Type);
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync("delivered");
        await page.GetByRole(AriaRole.Link, new() { Name = "Webhooks" }).First.ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync("enabled");
        await Assertions.Expect(page.Locator("tbody tr")).ToContainTextAsync("accepted with 204");
    }

    [Fact]
    public async Task A_person_sees_why_an_endpoint_fails_and_sends_the_message_again()
    {
        using var receiver = new WebhookReceiver();
        receiver.RespondWith(_ => HttpStatusCode.InternalServerError);
        var project = await service.CreateProjectAsync();
        var webhook = await CreateWebhookAsync(project, receiver);
        var key = await project.CreateKeyAsync("announced");
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await Wait.UntilAsync(() => receiver.Messages.Count > 0);
        var path = $"/console/webhooks/{webhook.Id}?status=pending";

        await page.GotoAsync(path);
        var row = page.Locator("tbody tr").Filter(new() { HasTextString = "virtual_key.created" });
        await ReloadUntilAsync(
            page, () => row.Filter(new() { HasTextString = "refused with 500" }).IsVisibleAsync());
        await Assertions.Expect(row).ToContainTextAsync("pending");
        await Assertions.Expect(row.Locator("time[data-time=deadline]")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".title .badge")).ToHaveTextAsync("failing");
        await person.PressAsync("Send a test");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The test was refused with 500.");
        Assert.EndsWith(path, page.Url, StringComparison.Ordinal);

        await row.GetByRole(AriaRole.Link).ClickAsync();
        await Assertions.Expect(page.Locator(".events li").First).ToContainTextAsync("refused with 500");
        await Assertions.Expect(page.Locator("pre")).ToContainTextAsync(key.VirtualKey.Id);

        receiver.RespondWith(_ => HttpStatusCode.NoContent);
        await person.PressAsync("Send again");
        await Assertions.Expect(page.GetByRole(AriaRole.Status).First).ToContainTextAsync("is sent again");
        await receiver.WaitForAsync(key.VirtualKey.Id, "virtual_key.created");
        await ReloadUntilAsync(page, () => page.Locator(".title .badge.delivered").IsVisibleAsync());
        await Assertions.Expect(page.Locator(".events li").First).ToContainTextAsync("accepted with 204");
        await page.GotoAsync(path);
        await Assertions.Expect(row).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Deliveries_are_filtered_paged_and_sent_again()
    {
        using var receiver = new WebhookReceiver();
        receiver.RespondWith(message =>
            message.Type == "webhook.test" ? HttpStatusCode.NotFound : HttpStatusCode.NoContent);
        var project = await service.CreateProjectAsync();
        var webhook = await CreateWebhookAsync(project, receiver);
        var key = await project.CreateKeyAsync("sent twice");
        await receiver.WaitForAsync(key.VirtualKey.Id, "virtual_key.created");
        for (var number = 0; number < 27; number++) await project.Api.Webhooks.TestAsync(webhook.Id);
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        var rows = page.Locator("tbody tr");

        await page.GotoAsync($"/console/webhooks/{webhook.Id}");
        await page.GetByLabel("Status").SelectOptionAsync("failed");
        await person.PressAsync("Filter");
        await Assertions.Expect(rows).ToHaveCountAsync(25);
        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(2);
        await page.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(25);

        // The last accepted delivery is found although more than twenty were refused since.
        await Assertions.Expect(page.Locator("dl")).Not.ToContainTextAsync("never");
        await page.GotoAsync($"/console/webhooks/{webhook.Id}?status=delivered");
        await rows.Filter(new() { HasTextString = "virtual_key.created" })
            .GetByRole(AriaRole.Button, new() { Name = "Send again" }).ClickAsync();
        await Assertions.Expect(page.GetByText("The message is sent again")).ToBeVisibleAsync();
        await Wait.UntilAsync(() =>
            receiver.Messages.Count(message => message.VirtualKeyId == key.VirtualKey.Id) == 2);
    }

    [Fact]
    public async Task The_signing_secret_is_rotated_and_the_old_one_signs_until_the_grace_period_ends()
    {
        using var receiver = new WebhookReceiver();
        var project = await service.CreateProjectAsync();
        var webhook = await CreateWebhookAsync(project, receiver);
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await page.GotoAsync($"/console/webhooks/{webhook.Id}");

        await person.UnfoldAsync("Rotate secret");
        await page.GetByLabel("7 days").CheckAsync();
        await person.PressAsync("Rotate now");

        var field = page.GetByLabel("New secret", new() { Exact = true });
        var secret = await field.InputValueAsync();
        await Assertions.Expect(page.Locator("dl")).ToContainTextAsync("ends in 6 days");
        await page.ReloadAsync();
        Assert.Equal(secret, await field.InputValueAsync());
        await person.PressAsync("Send a test");
        var message = receiver.Accepted.Single(message => message.Type == "webhook.test");
        Assert.Equal(2, message.Headers["webhook-signature"].Split(' ').Length);
    }

    [Fact]
    public async Task A_webhook_is_edited_disabled_enabled_and_deleted_when_its_host_is_typed()
    {
        using var receiver = new WebhookReceiver();
        var project = await service.CreateProjectAsync();
        var webhook = await CreateWebhookAsync(project, receiver);
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await page.GotoAsync($"/console/webhooks/{webhook.Id}");

        await person.UnfoldAsync("Edit");
        await page.GetByLabel("Description").FillAsync("the billing system");
        await page.GetByLabel("Only these").CheckAsync();
        await person.PressAsync("Save");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("at least one type");
        await Assertions.Expect(page.GetByLabel("Description")).ToHaveValueAsync("the billing system");
        await page.GetByLabel("api_key.rotated").CheckAsync();
        await person.PressAsync("Save");
        await Assertions.Expect(page.Locator("dl")).ToContainTextAsync("the billing system");
        Assert.Equal(["api_key.rotated"], (await project.Api.Webhooks.GetAsync(webhook.Id)).EventTypes);

        await person.PressAsync("Disable");
        await Assertions.Expect(page.Locator(".title .badge")).ToHaveTextAsync("disabled");
        await Assertions.Expect(page.GetByText("is sent when it is enabled")).ToBeVisibleAsync();
        await person.PressAsync("Enable");
        await Assertions.Expect(page.Locator(".title .badge")).ToHaveTextAsync("enabled");

        await person.UnfoldAsync("Delete");
        await page.GetByLabel("to confirm").FillAsync("example.com");
        await person.PressAsync("Delete webhook");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nothing was deleted");
        await page.GetByLabel("to confirm").FillAsync("127.0.0.1");
        await person.PressAsync("Delete webhook");
        await Assertions.Expect(page.GetByText("No webhooks yet")).ToBeVisibleAsync();
        Assert.Empty(await project.Api.Webhooks.ListAsync());
    }

    [Fact]
    public async Task What_happened_while_a_webhook_was_disabled_is_sent_on_request()
    {
        using var receiver = new WebhookReceiver();
        var project = await service.CreateProjectAsync();
        var webhook = await CreateWebhookAsync(project, receiver);
        await project.Api.Webhooks.UpdateAsync(webhook.Id, new UpdateWebhook { Status = WebhookStatus.Disabled });
        var key = await project.CreateKeyAsync("missed");
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/webhooks/{webhook.Id}");

        await person.UnfoldAsync("Send events again");
        await person.PressAsync("Send them again");
        await Assertions.Expect(person.Page.GetByText("The events are sent again.")).ToBeVisibleAsync();
        await person.PressAsync("Enable");

        await receiver.WaitForAsync(key.VirtualKey.Id, "virtual_key.created");
    }

    [Fact]
    public async Task An_address_that_the_service_refuses_keeps_what_was_entered()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync("/console/webhooks");
        await person.UnfoldAsync("Create webhook");
        await person.Page.GetByLabel("URL").FillAsync("ftp://example.com/keys");
        await person.Page.GetByLabel("Description").FillAsync("the warehouse");

        await person.PressAsync("Create");

        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("url");
        await Assertions.Expect(person.Page.GetByLabel("URL")).ToHaveValueAsync("ftp://example.com/keys");
        await Assertions.Expect(person.Page.GetByLabel("Description")).ToHaveValueAsync("the warehouse");
    }

    [Fact]
    public async Task A_person_who_may_not_manage_webhooks_sees_none_and_changes_none()
    {
        using var receiver = new WebhookReceiver();
        var project = await service.CreateProjectAsync();
        var webhook = await CreateWebhookAsync(project, receiver);
        var viewer = await project.CreateApiKeyAsync(
            ApiKeyPermissions.ViewVirtualKeys, ApiKeyPermissions.ViewEvents);
        await using var person = await service.SignInAsync(viewer);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Link, new() { Name = "Webhooks" })).ToHaveCountAsync(0);
        var page = $"/console/webhooks/{webhook.Id}";

        foreach (var path in new[] { "/console/webhooks", page })
        {
            var response = await person.Page.GotoAsync(path);
            Assert.Equal(403, response!.Status);
            await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            Assert.DoesNotContain(receiver.Url, await person.Page.ContentAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(403, await person.PostFormAsync("/console/webhooks", "create", ("url", receiver.Url)));
        Assert.Equal(403, await person.PostFormAsync(page, "delete", ("confirm", "127.0.0.1")));
        Assert.Equal(403, await person.PostFormAsync(page, "test"));
        Assert.Equal(webhook, Assert.Single(await project.Api.Webhooks.ListAsync()));
        Assert.DoesNotContain("webhook.test", receiver.Messages.Select(message => message.Type));
    }

    /// <summary>The process restarts with a later clock.</summary>
    [Fact]
    public async Task A_webhook_that_the_service_has_disabled_says_why()
    {
        await using var embedded = new EmbeddedService();
        using var receiver = new WebhookReceiver();
        receiver.RespondWith(_ => HttpStatusCode.ServiceUnavailable);
        string id;
        await using (var process = await embedded.StartAsync())
        {
            using var api = CreateClient(embedded, process);
            id = (await api.Webhooks.CreateAsync(new CreateWebhook { Url = receiver.Url })).Webhook.Id;
            await api.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "unheard" });
            await Wait.UntilAsync(() => receiver.Messages.Count > 0);
            await process.StopAsync();
        }

        await using var later = await embedded.StartAsync(new FakeClock(TimeSpan.FromHours(80)).Environment);
        using var client = CreateClient(embedded, later);
        await Wait.UntilAsync(async () => (await client.Webhooks.GetAsync(id)).Status == WebhookStatus.Disabled);
        await using var browser = new ConsoleBrowser();
        await browser.StartAsync();
        await using var person = await ConsolePerson.OpenAsync(browser, later.Address, null);
        await person.SignInAsync(embedded.ApiKey);

        await person.Page.GotoAsync($"/console/webhooks/{id}");

        await Assertions.Expect(person.Page.Locator(".title .badge")).ToHaveTextAsync("disabled by failures");
        await Assertions.Expect(person.Page.GetByText("accepted nothing for three days")).ToBeVisibleAsync();
        await Assertions.Expect(person.Page.Locator("tbody")).ToContainTextAsync("paused");
    }

    private static KeysClient CreateClient(EmbeddedService embedded, ServiceProcess process) =>
        KeysClient.Create(new KeysClientOptions { BaseAddress = process.Address, ApiKey = embedded.ApiKey });

    private static async Task<Webhook> CreateWebhookAsync(TestProject project, WebhookReceiver receiver) =>
        (await project.Api.Webhooks.CreateAsync(new CreateWebhook { Url = receiver.Url })).Webhook;

    private static Task ReloadUntilAsync(IPage page, Func<Task<bool>> isShownAsync) => Wait.UntilAsync(async () =>
    {
        await page.ReloadAsync();
        return await isShownAsync();
    });
}
