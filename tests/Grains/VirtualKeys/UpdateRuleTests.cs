using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class UpdateRuleTests
{
    private static readonly DateTimeOffset Start = Sample.Start;
    private static readonly DateTimeOffset Later = Start.AddHours(1);
    private static readonly UpdateVirtualKey Nothing = new() { Caller = Sample.Caller };

    [Fact]
    public void What_a_command_sets_replaces_what_was_there()
    {
        var key = new RuledKey(Start);

        key.Update(
            Nothing with { Name = "b", SetsDescription = true, Description = "c", ProviderCredentialIds = ["d"] }, Later);

        Assert.Equal(("b", "c"), (key.State.Name, key.State.Description));
        Assert.Equal(["d"], key.State.ProviderCredentialIds);
        Assert.Equal(2, key.State.Revision);
        Assert.Equal(new Change("updated", Sample.Caller.Actor, Later), key.State.Change);
    }

    [Fact]
    public void What_a_command_does_not_set_stays()
    {
        var key = new RuledKey(Start);
        var before = key.State;

        key.Update(Nothing with { Name = "b" }, Later);

        Assert.Equal(before with { Name = "b", Revision = 2, Change = key.State.Change }, key.State);
    }

    [Fact]
    public void A_description_is_cleared_only_by_a_command_that_sets_it()
    {
        var key = new RuledKey(Start);

        key.Update(Nothing with { Name = "b", Description = "ignored" }, Later);
        Assert.Equal("a description", key.State.Description);

        key.Update(Nothing with { SetsDescription = true }, Later);
        Assert.Null(key.State.Description);
    }

    [Fact]
    public void A_command_that_changes_nothing_leaves_the_very_same_state()
    {
        var key = new RuledKey(Start);
        var before = key.State;

        Assert.Equal(ChangeOutcome.Done, key.Update(Nothing, Later));
        Assert.Equal(ChangeOutcome.Done, key.Update(
            Nothing with
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
    public void The_order_of_provider_credentials_matters()
    {
        var key = new RuledKey(Start);

        key.Update(Nothing with { ProviderCredentialIds = ["credential_2", "credential_1"] }, Later);

        Assert.Equal(2, key.State.Revision);
    }
}
