using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class UpdateRuleTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);
    private static readonly UpdateVirtualKeyCommand EmptyUpdate = new() { Caller = TestData.Caller };

    [Fact]
    public void An_update_replaces_the_fields_that_it_sets()
    {
        var key = new RuleTestKey(Start);

        var update = EmptyUpdate with
        {
            Name = "b",
            SetsDescription = true,
            Description = "c",
            ProviderCredentialIds = ["d"],
        };
        key.Update(update, Later);

        Assert.Equal(("b", "c"), (key.State.Name, key.State.Description));
        Assert.Equal(["d"], key.State.ProviderCredentialIds);
        Assert.Equal(2, key.State.Revision);
        key.AssertLastEvent("updated", Later);
    }

    [Fact]
    public void An_update_keeps_the_fields_that_it_does_not_set()
    {
        var key = new RuleTestKey(Start);
        var before = key.State;

        key.Update(EmptyUpdate with { Name = "b" }, Later);

        Assert.Equal(
            before with { Name = "b", Revision = 2, ChangedAt = Later, LastEvent = key.State.LastEvent }, key.State);
    }

    [Fact]
    public void A_description_is_cleared_only_if_the_command_sets_it()
    {
        var key = new RuleTestKey(Start);

        key.Update(EmptyUpdate with { Name = "b", Description = "ignored" }, Later);
        Assert.Equal("a description", key.State.Description);

        key.Update(EmptyUpdate with { SetsDescription = true }, Later);
        Assert.Null(key.State.Description);
    }

    [Fact]
    public void An_update_without_changes_returns_the_same_state()
    {
        var key = new RuleTestKey(Start);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Update(EmptyUpdate, Later));
        Assert.Equal(ChangeOutcome.Done, key.Update(
            EmptyUpdate with
            {
                Name = "a name",
                SetsDescription = true,
                Description = "a description",
                ProviderCredentialIds = ["credential_1", "credential_2"],
            },
            Later));
        Assert.Same(before, key.State);
    }

    [Fact]
    public void Reordering_provider_credentials_is_a_change()
    {
        var key = new RuleTestKey(Start);

        key.Update(EmptyUpdate with { ProviderCredentialIds = ["credential_2", "credential_1"] }, Later);

        Assert.Equal(2, key.State.Revision);
    }
}
