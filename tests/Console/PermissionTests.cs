using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class PermissionTests(ConsoleService service)
{
    [Fact]
    public async Task A_person_who_may_only_look_sees_no_action()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("looked at");
        await project.Api.VirtualKeys.RotateAsync(key.VirtualKey.Id);
        var viewer = await project.CreateApiKeyAsync(ApiKeyPermissions.ViewVirtualKeys);
        await using var person = await service.SignInAsync(viewer);

        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");

        await Assertions.Expect(person.Page.Locator(".timeline li.retiring")).ToHaveCountAsync(1);
        await Assertions.Expect(person.Page.Locator("main button, main summary")).ToHaveCountAsync(0);
        await Assertions.Expect(person.Page.Locator("main")).ToContainTextAsync("lacks the permission events:view");
    }

    [Fact]
    public async Task A_form_that_the_page_does_not_offer_changes_nothing()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("not yours");
        var viewer = await project.CreateApiKeyAsync(ApiKeyPermissions.ViewVirtualKeys);
        await using var person = await service.SignInAsync(viewer);

        var response = await person.PostFormAsync(
            $"/console/keys/{key.VirtualKey.Id}", "revoke", ("confirm", "not yours"));

        Assert.Equal(400, response);
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(key.Secret));
    }

    [Fact]
    public async Task A_person_who_may_not_manage_webhooks_sees_none_and_changes_none()
    {
        using var receiver = new WebhookReceiver();
        var project = await service.CreateProjectAsync();
        var webhook = (await project.Api.Webhooks.CreateAsync(new CreateWebhook { Url = receiver.Url })).Webhook;
        var viewer = await project.CreateApiKeyAsync(
            ApiKeyPermissions.ViewVirtualKeys, ApiKeyPermissions.ViewEvents);
        await using var person = await service.SignInAsync(viewer);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Link, new() { Name = "Webhooks" })).ToHaveCountAsync(0);

        foreach (var path in new[] { "/console/webhooks", $"/console/webhooks/{webhook.Id}" })
        {
            var response = await person.Page.GotoAsync(path);
            Assert.Equal(403, response!.Status);
            await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
            Assert.DoesNotContain(receiver.Url, await person.Page.ContentAsync(), StringComparison.Ordinal);
        }

        var page = $"/console/webhooks/{webhook.Id}";
        Assert.Equal(403, await person.PostFormAsync("/console/webhooks", "create", ("url", receiver.Url)));
        Assert.Equal(403, await person.PostFormAsync(page, "delete", ("confirm", "127.0.0.1")));
        Assert.Equal(403, await person.PostFormAsync(page, "test"));
        Assert.Equal(webhook, Assert.Single(await project.Api.Webhooks.ListAsync()));
        Assert.DoesNotContain("webhook.test", receiver.Messages.Select(message => message.Type));
    }

    [Fact]
    public async Task The_key_of_another_project_is_not_found()
    {
        var other = await service.CreateProjectAsync();
        var key = await other.CreateKeyAsync("of another project");
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);

        var response = await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");

        Assert.Equal(404, response!.Status);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToBeVisibleAsync();
        Assert.DoesNotContain("of another project", await person.Page.ContentAsync(), StringComparison.Ordinal);
    }
}
